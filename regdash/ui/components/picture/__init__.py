"""The picture component: Python sends figure and frames, the browser plays them."""

from regdash.ui.components.picture.component import picture
from regdash.ui.components.picture.offline import offline_page

__all__ = ["offline_page", "picture"]
