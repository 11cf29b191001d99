"""The browser's history: one visit of a page is one entry."""

from regdash.ui.components.history.component import settled

__all__ = ["settled"]
