"""Sliders for settings whose own controls stand elsewhere on the page."""

from regdash.ui.components.dock.component import dock

__all__ = ["dock"]
