"""The picture component: Python sends figure and frames, the browser plays them."""

from regdash.ui.components.picture.component import Words, picture
from regdash.ui.components.picture.offline import offline_page

__all__ = ["Words", "offline_page", "picture"]
