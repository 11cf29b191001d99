"""Figures of lessons, by the kind that a lesson names."""
