"""The classes of this host, as this process sees them."""

from regdash.classes.folder import data_folder
from regdash.classes.looks import Looks
from regdash.classes.store import Store
from regdash.serving.once import Once


@Once.closing(Store.close)
def store() -> Store:
    """The store that all replicas of this host share. Raises `ClassStoreError` while there can be none."""
    return Store(data_folder())


@Once
def looks() -> Looks:
    """For those who look again and again."""
    return Looks(store())
