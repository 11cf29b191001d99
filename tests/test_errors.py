import pytest

from regdash import errors


@pytest.mark.parametrize(
    "error", [errors.ConfigError, errors.SnapshotError, errors.TrainingCancelled, errors.QueueFull]
)
def test_one_base_class_catches_all(error):
    assert issubclass(error, errors.RegdashError)


def test_builtin_handlers_catch_what_they_should():
    assert issubclass(errors.ConfigError, ValueError)
    assert issubclass(errors.SnapshotError, LookupError)
