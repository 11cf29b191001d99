"""A link's epoch, for the picture."""

from regdash.ui.components.seek.component import seek

__all__ = ["seek"]
