"""The picture component: Python sends figure and frames, the browser plays them."""

from regdash.ui.components.picture.component import Strength, StrengthSlider, Words, picture
from regdash.ui.components.picture.offline import offline_page

__all__ = ["Strength", "StrengthSlider", "Words", "offline_page", "picture"]
