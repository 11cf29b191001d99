"""Whatever a notebook has set in torch, numpy and pandas, results have the bits of a fresh process."""

import dataclasses
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import torch
from torch.overrides import BaseTorchFunctionMode
from torch.utils.flop_counter import FlopCounterMode

import regdash
from regdash import RunConfig, StudyResult, StudySpec, data
from regdash.ensemble import masks, products
from regdash.figures import theme
from regdash.figures.explore.boundary import Points
from regdash.figures.explore.picture import Picture, spec
from regdash.serving.pictures import train_for_pictures
from regdash.study import export
from regdash.surroundings.undisturbed import Surroundings
from regdash.teaching.arms import Arm
from tests.oracle import torch_threads

ROOT = Path(__file__).parents[2]
SMALL = RunConfig(epochs=6, label_noise=0.2, label_smoothing=0.1, weight_decay=0.01, width=24)
WIDE = RunConfig(width=128, epochs=3, n_samples=300)
# Weights halve at each update, until they are denormal numbers.
VANISHING = RunConfig(epochs=280, weight_decay=1.0, learning_rate=0.5, decay="decoupled", width=4, n_samples=20)
MANY = [SMALL, SMALL.but(dropout=0.2), SMALL.but(dropout=0, seed=3), WIDE, VANISHING, SMALL.but(learning_rate=0.01)]
SPEC = StudySpec(base=SMALL, sweep={"dropout": [0.0, 0.3], "dataset": ["moons", "xor"]}, seeds=3)


@contextmanager
def setting(read: Callable[[], Any], write: Callable[[Any], object], value: object) -> Iterator[None]:
    before = read()
    write(value)
    try:
        yield
    finally:
        write(before)


def attribute(owner: object, name: str, value: object) -> AbstractContextManager[None]:
    return setting(lambda: getattr(owner, name), lambda new: setattr(owner, name, new), value)


def default_dtype(dtype: torch.dtype) -> AbstractContextManager[None]:
    return setting(torch.get_default_dtype, torch.set_default_dtype, dtype)


def matmul_precision(precision: str) -> AbstractContextManager[None]:
    return setting(torch.get_float32_matmul_precision, torch.set_float32_matmul_precision, precision)


# State -> what sets it, and sets it back. "meta" stands for a GPU: a device with tensors that are not the CPU's.
STATES: dict[str, Callable[[], AbstractContextManager[Any]]] = {
    "float64": lambda: default_dtype(torch.float64),
    "bfloat16": lambda: default_dtype(torch.bfloat16),
    "default device": lambda: setting(lambda: None, torch.set_default_device, "meta"),
    "device": lambda: torch.device("meta"),
    "no_grad": torch.no_grad,
    "inference": torch.inference_mode,
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "medium": lambda: matmul_precision("medium"),
    "high": lambda: matmul_precision("high"),
    "bf16 products": lambda: attribute(torch.backends.mkldnn.matmul, "fp32_precision", "bf16"),
    "bf16": lambda: attribute(torch.backends, "fp32_precision", "bf16"),
    "deterministic": lambda: setting(
        torch.are_deterministic_algorithms_enabled, torch.use_deterministic_algorithms, True
    ),
    "no denormals": lambda: setting(lambda: False, torch.set_flush_denormal, True),
    "anomalies": lambda: torch.autograd.set_detect_anomaly(True),
    "function mode": BaseTorchFunctionMode,
    "dispatch mode": lambda: FlopCounterMode(display=False),
    "saved on CPU": torch.autograd.graph.save_on_cpu,
    "numpy raises": lambda: np.errstate(all="raise"),
    "numpy prints": lambda: np.printoptions(precision=2, legacy="1.13"),
    "pandas' text": lambda: pd.option_context("mode.string_storage", "python"),
    "pandas' NaN": lambda: pd.option_context("future.distinguish_nan_and_na", True),
    "pandas prints": lambda: pd.option_context("display.float_format", "{:.1f}".format, "display.precision", 1),
}


def bits(value: object) -> object:
    """Something that is equal exactly where all bits, dtypes and kinds of tensors are."""
    if isinstance(value, torch.Tensor):
        return value.dtype, value.device.type, value.is_inference(), value.numpy().tobytes()
    if isinstance(value, np.ndarray):
        return value.dtype.str, value.shape, value.tobytes()
    if isinstance(value, pd.DataFrame):
        return [str(dtype) for dtype in value.dtypes], value.to_csv()
    if dataclasses.is_dataclass(value):
        return [bits(getattr(value, field.name)) for field in dataclasses.fields(value)]
    if isinstance(value, list | tuple):
        return [bits(each) for each in value]
    if isinstance(value, dict):
        return [(key, bits(each)) for key, each in value.items()]
    return repr(value)


def everything_of(study: StudyResult) -> list[object]:
    """A study's numbers, tables, verdicts and files, worked out now."""
    fresh = dataclasses.replace(study)
    return [
        *[fresh.values(metric) for metric in regdash.study.COMPARABLE], fresh.runs, fresh.curves_frame(),
        regdash.study.compare(fresh), regdash.study.best(fresh), regdash.study.publish_one_seed(fresh, 1),
        regdash.study.cells_table(fresh), regdash.study.curve_bands(fresh),
        export.runs_csv(fresh), export.runs_parquet(fresh), export.curves_csv(fresh), export.curves_parquet(fresh),
        export.script(fresh.spec),
    ]  # fmt: skip


def everything_of_run(run: regdash.Run) -> list[object]:
    fresh = dataclasses.replace(run)
    return [
        fresh.boundary(run.config.epochs), fresh.surfaces, fresh.history, fresh.summary,
        regdash.export.history_csv(fresh), regdash.export.script(run.config),
    ]  # fmt: skip


def picture_of(run: regdash.Run) -> object:
    """The picture, as for a notebook."""
    made = data.make(run.config)
    points = Points(
        x=torch.cat([made.x_train, made.x_val]).numpy(),
        labels=torch.cat([made.y_train, made.y_val]).numpy().astype(np.uint8),
        n_train=run.config.n_train, flipped=made.flipped.numpy(),
        truth=data.true_scores(run.config.dataset, run.axis),
    )  # fmt: skip
    arms = [Arm(key="yours", run=dataclasses.replace(run))]
    return spec(Picture(arms=arms, points=points, pins=[], view="accuracy"), theme.palette("light"))


def in_a_pool() -> list[regdash.Run]:
    """Threads that have settings of their own."""
    with ThreadPoolExecutor(2, initializer=lambda: torch.set_default_device("meta")) as pool:
        return regdash.train_many(MANY, executor=pool)


@pytest.fixture(scope="module", autouse=True)
def _one_thread() -> Iterator[None]:
    with torch_threads(1):
        yield


STUDY, RUN = regdash.run_study(SPEC), regdash.train(SMALL)
ENTRIES: dict[str, Callable[[], object]] = {
    "train": lambda: [regdash.train(config) for config in (SMALL, WIDE, VANISHING)],
    "train_many, here": lambda: regdash.train_many(MANY, workers=1),
    "train_many, threads": lambda: regdash.train_many(MANY, workers=2),
    "train_many, one with a helper": lambda: regdash.train_many([SMALL], workers=2),
    "train_many, pool": in_a_pool,
    "pictures": lambda: train_for_pictures([SMALL]),
    "run_study": lambda: everything_of(regdash.run_study(SPEC)),
    "a study there was": lambda: everything_of(STUDY),
    "a study without runs": lambda: everything_of(StudyResult.empty(SPEC)),
    "a run there was": lambda: everything_of_run(RUN),
    "picture": lambda: picture_of(RUN),
    "replay": regdash.article.replay,
    "make": lambda: [data.make(RunConfig(dataset=key, label_noise=0.2)) for key in data.DATASETS],
    "true_scores": lambda: data.true_scores("moons", RUN.axis),
}


def forget() -> None:
    """The engine tries once a process what it may do: it must try under each state."""
    masks.numbers_can_be_shared.cache_clear()
    for name in ("many", "many_sums", "padding", "planes", "turning"):
        plural = "are" if name in ("many", "many_sums", "planes") else "is"
        getattr(products, f"_{name}_{plural}_exact").cache_clear()


@pytest.fixture(scope="module")
def expected() -> dict[str, object]:
    forget()
    return {name: bits(entry()) for name, entry in ENTRIES.items()}


@pytest.mark.slow
@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("state", STATES)
def test_no_state_of_the_caller_changes_a_bit(state: str, entry: str, expected: dict[str, object]) -> None:
    forget()
    with STATES[state]():
        found = ENTRIES[entry]()
    forget()
    assert bits(found) == expected[entry]


def process_wide() -> list[str]:
    """What the states above set for the whole process."""
    try:
        name = torch.get_float32_matmul_precision()
    except RuntimeError:  # set by its other switches
        name = "mixed"
    kinds = torch.backends, torch.backends.mkldnn, torch.backends.mkldnn.matmul, torch.backends.cuda.matmul
    return [name, *(kind.fp32_precision for kind in kinds), str(torch.get_default_dtype())]


@pytest.mark.parametrize("state", STATES)
def test_the_callers_state_is_left_as_it_was(state: str) -> None:
    with STATES[state]():
        before = Surroundings.here(), process_wide(), torch.is_anomaly_enabled()
        regdash.train(SMALL)
        regdash.train_many([SMALL], workers=1)
        with pytest.raises(ZeroDivisionError):
            regdash.train(SMALL, on_progress=lambda *_: 1 // 0)
        assert (Surroundings.here(), process_wide(), torch.is_anomaly_enabled()) == before


def test_what_is_computed_in_a_progress_report_is_undisturbed_too() -> None:
    made = []
    with torch.inference_mode(), default_dtype(torch.float64):
        regdash.train(SMALL, on_progress=lambda *_: made.append(data.make(SMALL)))
    assert {str(bits(each)) for each in made} == {str(bits(data.make(SMALL)))}


@pytest.mark.parametrize("name", ["medium", "high"])
def test_torch_can_say_its_precision_while_a_run_goes_on(name: str) -> None:
    seen = []
    with matmul_precision(name):
        regdash.train(SMALL, on_progress=lambda *_: seen.append(torch.get_float32_matmul_precision()))
    assert set(seen) == {"highest"}


@pytest.mark.parametrize("state", STATES)
def test_progress_is_told_under_the_callers_own_state(state: str) -> None:
    seen = []
    with STATES[state]():
        mine = Surroundings.here()
        for train in (regdash.train, lambda config, **how: regdash.train_many([config], workers=1, **how)):
            train(SMALL.but(epochs=60), on_progress=lambda *_: seen.append(Surroundings.here()))
    assert len(seen) > 60
    assert set(map(str, seen)) == {str(mine)}


def test_what_is_made_in_inference_mode_can_be_learnt_from_outside() -> None:
    with torch.inference_mode():
        made = data.make(SMALL)
    layer = torch.nn.Linear(2, 2)
    torch.nn.functional.cross_entropy(layer(made.x_train), made.y_train).backward()
    assert layer.weight.grad is not None


def test_products_are_whole_while_any_thread_trains_and_lowered_again_after_the_last() -> None:
    """A run that ends must not lower the precision of one that goes on."""
    began, may_end, seen = threading.Event(), threading.Event(), []

    def first(*_: int) -> None:
        began.set()
        assert may_end.wait(60)

    with matmul_precision("medium"), ThreadPoolExecutor(1) as pool:
        slow = pool.submit(regdash.train, WIDE, on_progress=first)
        assert began.wait(60)
        quick = regdash.train(WIDE)
        seen.append(torch.backends.mkldnn.matmul.fp32_precision)
        may_end.set()
        assert bits(slow.result()) == bits(quick)
        seen.append(torch.backends.mkldnn.matmul.fp32_precision)
    assert seen == ["ieee", "bf16"]
    assert bits(quick) == bits(regdash.train(WIDE))


BEFORE_IMPORT = """
import hashlib, warnings, numpy as np, torch
warnings.simplefilter("error")
torch.set_num_threads(1)
{state}
import regdash
config = regdash.RunConfig(epochs=5, label_noise=0.2, label_smoothing=0.1)
runs = [regdash.train(config), *regdash.train_many([config, config.but(dropout=0.2)], workers=1)]
digest = hashlib.sha256()
for run in runs:
    digest.update(run.curves.tobytes() + run.parameters.tobytes() + run.boundary(5).tobytes())
print(digest.hexdigest())
"""


@pytest.mark.slow
def test_what_was_set_before_the_import_changes_nothing_either() -> None:
    everything = (
        "torch.set_default_dtype(torch.float64); torch.set_default_device('meta'); torch.set_flush_denormal(True); "
        "torch.set_float32_matmul_precision('medium'); np.seterr(all='raise'); torch.inference_mode().__enter__()"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", BEFORE_IMPORT.format(state=state)], env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True, timeout=120,
        ).stdout
        for state in ("", everything)
    }  # fmt: skip
    assert len(printed) == 1
