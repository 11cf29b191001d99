"""A part of a page has what is around it drawn again, by the browser."""

from regdash.ui.components.again.component import again, listen

__all__ = ["again", "listen"]
