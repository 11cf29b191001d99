"""The stops of the picture's strength slider: Python sends them when the browser asks."""

from regdash.ui.components.supply.component import Part, Wish, supply

__all__ = ["Part", "Wish", "supply"]
