"""The picture component: Python sends figure and frames, the browser plays them."""

from regdash.ui.picture.component import picture
from regdash.ui.picture.offline import offline_page

__all__ = ["offline_page", "picture"]
