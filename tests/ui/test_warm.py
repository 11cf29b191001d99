"""What is done before the first visitor comes."""

import resource

import pytest

from regdash.ui.warm import FILES, open_many_files


@pytest.fixture
def few():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(256, before[1]), before[1]))
    yield before[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, before)


def test_the_process_may_open_as_many_files_as_the_machine_lets_it(few):
    open_many_files()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == few
    assert soft == (FILES if hard == resource.RLIM_INFINITY else min(hard, FILES))
