"""What a visitor's own browser keeps from visit to visit."""

from regdash.ui.components.storage.component import storage, told

__all__ = ["storage", "told"]
