"""The picture component: Python sends figure and frames, the browser plays them."""

from regdash.ui.components.picture.component import Strength, StrengthSlider, Words, picture

__all__ = ["Strength", "StrengthSlider", "Words", "picture"]
