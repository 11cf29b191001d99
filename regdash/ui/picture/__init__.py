"""The picture component: Python sends figure and frames, the browser plays them."""

from regdash.ui.picture.component import LIBRARY, picture

__all__ = ["LIBRARY", "picture"]
