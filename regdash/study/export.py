"""What a visitor takes home of a study: its runs and curves as CSV and Parquet, and a script that repeats it.

Parquet is written by pyarrow, which is imported only when it is used.
"""

import io
from collections.abc import Iterable
from textwrap import fill, indent
from typing import Any

import pandas as pd

from regdash.config import FIELDS
from regdash.errors import StudyTooLarge
from regdash.export import ASCII
from regdash.results import HISTORY_COLUMNS
from regdash.study.result import StudyResult
from regdash.study.spec import StudySpec
from regdash.surroundings.arithmetic import all_digits

MAX_CURVE_ROWS = 5_000_000  # one row a run and epoch
MAX_CSV_ROWS = 300_000  # some 30 MB of text, made while the visitor waits

SCRIPT = '''\
"""{title}, repeated by RegDash.

{summary}

It needs RegDash's folder, the one with app.py: whoever gave you this script has
it. Run the script in that folder, or name the folder:
python this-script.py path/to/RegDash
Once, in that folder: pip install -r requirements.txt
"""

import sys

sys.path += sys.argv[1:2] or ["."]
try:
    import regdash
    import regdash.study
    import torch
except ModuleNotFoundError as missing:
    sys.exit(
        f"{{missing}}: run this in RegDash's folder (the one with app.py), or name it: "
        f"python {{sys.argv[0]}} path/to/RegDash; what it needs is installed once by "
        "pip install -r requirements.txt in that folder."
    )

spec = regdash.StudySpec(
    base=regdash.RunConfig(
{base}
    ),  # a swept setting's value in here does not matter
    sweep={{
{sweep}
    }},
    seeds={seeds},
    data_seeds={data_seeds},
)
columns = ["train_accuracy", "val_accuracy", "fresh_accuracy"]

if __name__ == "__main__":
    # One thread a product: it is the runs that are spread over the cores, and
    # sums that several threads share round differently.
    torch.set_num_threads(1)
    result = regdash.run_study(spec)

    print(f"{{result.n_done}} runs, {{result.n_diverged}} diverged; means of the others:")
    means = result.runs.groupby(list(spec.fields))[columns].mean()
    print(means.to_string(float_format="%.6f"))

    first = dict(zip(spec.fields, spec.cells[0]))
    print(f"\\nfresh-data accuracy, paired by seed, minus that of {{first}}:")
    for pair in regdash.study.compare(result):
        cell = dict(zip(spec.fields, spec.cells[pair.cell]))
        interval = f"{{pair.mean:+.6f}} [{{pair.low:+.6f}}, {{pair.high:+.6f}}]"
        print(f"{{cell}}: {{interval}} {{pair.verdict}}")

    result.runs.to_csv("study-runs.csv")
    print("\\nEvery run is in study-runs.csv.")
'''


@all_digits
def runs_csv(result: StudyResult) -> str:
    """`result.runs` as CSV: a header, one line per run, every digit kept; what is missing is an empty cell."""
    text: str = result.runs.to_csv(lineterminator="\n")  # pandas writes the shortest digits that read back the same
    return text


def runs_parquet(result: StudyResult) -> bytes:
    """`result.runs` as a Parquet file."""
    return _parquet(result.runs)


@all_digits
def curves_csv(result: StudyResult) -> str:
    """`result.curves_frame()` as CSV, numbers as in `Run.history`. `StudyTooLarge` beyond `MAX_CSV_ROWS` rows."""
    frame = _curves(result, MAX_CSV_ROWS, "take Parquet").astype(dict.fromkeys(HISTORY_COLUMNS, "float64"))
    text: str = frame.to_csv(index=False, lineterminator="\n")
    return text


def curves_parquet(result: StudyResult) -> bytes:
    """`result.curves_frame()` as a Parquet file. `StudyTooLarge` beyond `MAX_CURVE_ROWS` rows."""
    remedy = "take fewer seeds, or run the study's script and use result.curves"
    return _parquet(_curves(result, MAX_CURVE_ROWS, remedy))


def curve_rows(result: StudyResult) -> int:
    """How many rows the curves have: one a run that is done and epoch."""
    return int((result.done.sum(1) * result.epochs).sum())


def script(spec: StudySpec) -> str:
    """A script that repeats the study with `regdash`, prints means and verdicts, and writes all runs; all ASCII.

    It runs from anywhere: in RegDash's folder, with that folder as its argument, or with `regdash` on Python's path.
    """
    fields = " × ".join(FIELDS[name].label.lower() for name in spec.fields)
    values = " × ".join(f"{len(values)} values of {FIELDS[name].label.lower()}" for name, values in spec.sweep)
    data = "each with data of its own" if spec.data_seeds == "varied" else "all with the same data"
    summary = (
        f"It trains {spec.n_runs:,} networks: {values}, each over the same {spec.n_seeds:,} seeds, {data}. "
        "On the same kind of machine, the numbers are those of the page to the last bit."
    )
    return SCRIPT.format(
        title=f"A study of {fields}",
        summary=fill(summary, 79),
        base=_indented(f"{name}={_text(getattr(spec.base, name))}," for name in FIELDS),
        sweep=_indented(f"{_text(name)}: {_list(values)}," for name, values in spec.sweep),
        seeds=spec.n_seeds if spec == spec.but(seeds=spec.n_seeds) else _list(spec.seeds),
        data_seeds=_text(spec.data_seeds),
    ).translate(ASCII)


def file_stem(spec: StudySpec) -> str:
    """A short file name without ending, e.g. "regdash-study-dropout-weight_decay-8-seeds": not unique, but telling."""
    return f"regdash-study-{'-'.join(spec.fields)}-{spec.n_seeds}-seeds"


def _curves(result: StudyResult, limit: int, remedy: str) -> pd.DataFrame:
    rows = curve_rows(result)
    if rows > limit:
        raise StudyTooLarge(f"curves of {rows:,} rows cannot be downloaded: {limit:,} is the limit; {remedy}")
    return result.curves_frame()


def _parquet(frame: pd.DataFrame) -> bytes:
    buffer = io.BytesIO()
    frame.to_parquet(buffer, engine="pyarrow", compression="zstd")
    return buffer.getvalue()


def _indented(lines: Iterable[str]) -> str:
    return indent("\n".join(lines), " " * 8)


def _text(value: object) -> str:
    """A setting as Python text, with the quotation marks of this project."""
    return f'"{value}"' if isinstance(value, str) else repr(value)


def _list(values: tuple[Any, ...]) -> str:
    """A tuple as Python text; whole numbers in a row as a range."""
    if len(values) > 2 and isinstance(values[0], int) and values == tuple(range(values[0], values[0] + len(values))):
        return f"range({values[0]}, {values[-1] + 1})"
    return "[" + ", ".join(map(_text, values)) + "]"
