"""The Study page: many seeds, and what can be said of them."""
