"""Links that last: a view of the page as the query of an address, and back. `vocabulary.py` says what stays."""

from regdash.permalink.reading import decode
from regdash.permalink.view import Explore, Lesson, Lessons, Study, View
from regdash.permalink.writing import encode

__all__ = ["Explore", "Lesson", "Lessons", "Study", "View", "decode", "encode"]
