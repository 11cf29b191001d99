"""Presenter mode in the browser: one scene at a time fills the screen, and keys do the rest."""

from regdash.ui.components.presenter.component import Scene, presenter

__all__ = ["Scene", "presenter"]
