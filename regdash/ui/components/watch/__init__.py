"""The browser looks again and again at how a class stands."""

from regdash.ui.components.watch.component import watch

__all__ = ["watch"]
