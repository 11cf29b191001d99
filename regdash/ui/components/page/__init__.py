"""The page component: nothing to see, but what both pages need of a browser."""

from regdash.ui.components.page.component import Call, page

__all__ = ["Call", "page"]
