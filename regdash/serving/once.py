"""What a process has one of: made when it is first needed, by one thread while others wait, and kept to the end.

Not in one of Streamlit's caches, which any visitor may clear.
"""

import atexit
import threading
from collections.abc import Callable
from typing import Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """A function without arguments that is called once; use as a decorator, or `Once.closing(close)`.

    An error reaches who asked, and the next one tries again. `close`, if given, is called with what was made when the
    process ends.
    """

    def __init__(self, make: Callable[[], T], close: Callable[[T], object] | None = None) -> None:
        self.__doc__, self.__wrapped__ = make.__doc__, make
        self._close = close
        self._lock = threading.RLock()
        self._made: tuple[T] | None = None

    def __call__(self) -> T:
        """What there is one of."""
        with self._lock:
            if self._made is None:
                self._made = (self.__wrapped__(),)
                if self._close is not None:
                    atexit.register(self._close, self._made[0])
            return self._made[0]

    @staticmethod
    def closing(close: Callable[[T], object]) -> "Callable[[Callable[[], T]], Once[T]]":
        """The decorator for what has to be closed at the end."""
        return lambda make: Once(make, close)
