"""Where the file lies."""

import os

import pytest

from regdash.classes.folder import DATA, data_folder
from regdash.classes.looks import pace
from regdash.errors import ClassStoreError


def test_the_host_names_a_folder_which_is_made(tmp_path, monkeypatch):
    monkeypatch.setenv(DATA, str(tmp_path / "a" / "b"))
    assert data_folder() == tmp_path / "a" / "b"
    assert data_folder().is_dir()


@pytest.mark.skipif(os.name != "posix", reason="rights of files are another matter there")
def test_without_one_it_is_the_users_own_and_nobody_elses(tmp_path, monkeypatch):
    monkeypatch.delenv(DATA, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    assert data_folder() == tmp_path / "state" / "regdash"
    assert data_folder().stat().st_mode & 0o777 == 0o700
    data_folder().chmod(0o777)
    with pytest.raises(ClassStoreError, match="REGDASH_DATA names another folder"):
        data_folder()


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="nothing is forbidden to root")
def test_a_user_without_a_home_keeps_it_among_the_temporary_files(tmp_path, monkeypatch):
    monkeypatch.delenv(DATA, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", "/nobody/state")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert data_folder() == tmp_path / f"regdash-{os.getuid()}"


def test_a_folder_that_cannot_be_made_is_said(tmp_path, monkeypatch):
    (tmp_path / "file").touch()
    monkeypatch.setenv(DATA, str(tmp_path / "file" / "data"))
    with pytest.raises(ClassStoreError, match="no folder that can hold the classes"):
        data_folder()


def test_the_more_watch_the_less_often_each_looks():
    assert (pace(0), pace(100), pace(250)) == (2.0, 2.0, 5.0)
