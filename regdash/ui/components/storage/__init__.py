"""What a visitor's own browser keeps from visit to visit."""

from regdash.ui.components.storage.component import storage

__all__ = ["storage"]
