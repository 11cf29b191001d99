"""A link to take along: to copy, and as a code for phones."""

from regdash.ui.components.share.component import share

__all__ = ["share"]
