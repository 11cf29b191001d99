"""A link to take along: to copy, and as a code for phones."""

from regdash.ui.components.share.code import code
from regdash.ui.components.share.component import share

__all__ = ["code", "share"]
