"""Shared by all tests: one torch thread, as on the page, and a few trained runs."""

import functools
import sys
from collections.abc import Iterator

import pytest
import torch
from hypothesis import settings
from streamlit.components.v2 import manifest_scanner

from regdash import RunConfig
from regdash.teaching.arms import ARMS, Arm
from regdash.teaching.scenarios import NOISY
from regdash.training import train

torch.set_num_threads(1)
settings.register_profile("regdash", deadline=None)  # no test fails because the machine is busy
settings.load_profile("regdash")


@pytest.fixture(scope="session")
def small() -> RunConfig:
    """The opening scenario, trained briefly."""
    return NOISY.but(epochs=12, width=8, n_samples=60)


@pytest.fixture(scope="session")
def arms(small: RunConfig) -> list[Arm]:
    """All four arms of `small`, with weight decay on so that they differ."""
    config = small.but(weight_decay=0.05)
    return [Arm(key=key, run=train(spec.config(config))) for key, spec in ARMS.items()]


@pytest.fixture(autouse=True)
def no_crowd(monkeypatch: pytest.MonkeyPatch) -> None:
    """Many tests open the page, one soon after the other: no reason to start processes that train."""
    if "regdash.ui.common.crowd" in sys.modules:
        monkeypatch.setattr("regdash.ui.common.crowd.WITHIN", -1.0)


@pytest.fixture(autouse=True, scope="session")
def packages_read_once() -> Iterator[None]:
    """Streamlit's test runner looks for components in all installed packages whenever a test opens a page: that takes
    ten times as long as the page.
    """
    with pytest.MonkeyPatch.context() as patch:
        scan = functools.cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", scan)
        yield


@pytest.fixture(autouse=True, scope="module")
def main_module() -> Iterator[None]:
    """Streamlit's test runner puts the page's script in the place of `__main__`, which new processes would then run."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main
