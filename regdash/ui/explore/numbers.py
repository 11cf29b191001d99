"""Below the picture: metrics, the table behind the chart, downloads. All numbers come from `Run.summary`."""

import math
from collections.abc import Callable, Sequence

import pandas as pd
import streamlit as st
import torch

from regdash import export
from regdash.config import RunConfig
from regdash.data import N_FRESH
from regdash.results import Summary
from regdash.teaching.arms import Arm
from regdash.ui.common import excel
from regdash.ui.common.downloads import once
from regdash.words import runs as run_words


def metrics(none: Arm, yours: Arm) -> None:
    """Your settings' final numbers, each with its difference from no regularization."""
    config = yours.run.config
    n_val = config.n_samples - config.n_train
    st.markdown(f"**Your settings after the last epoch ({config.epochs})**; arrows: against no regularization")
    with st.grid(6, min_column_width=240):
        _share("Train accuracy", none, yours, lambda s: s.train_accuracy, "off",
               f"On the {config.n_train} training points, dropout off, after the last epoch.")  # fmt: skip
        _share("Validation accuracy", none, yours, lambda s: s.val_accuracy, "normal",
               f"On {n_val} points: one standard error of that is {_error(yours, n_val)} points.")  # fmt: skip
        _share("Fresh-data accuracy", none, yours, lambda s: s.fresh_accuracy, "normal",
               f"On {N_FRESH:,} new points with clean labels: the true quality of the boundary, with a "
               f"standard error of {_error(yours, N_FRESH)} points.")  # fmt: skip
        _share("Gap train − fresh", none, yours, lambda s: s.gap, "inverse", unit="points",
               note=_gap_help(config))  # fmt: skip
        best = yours.run.summary.best_epoch
        st.metric(
            "Best epoch", "–" if best is None else best, border=True, height="stretch",
            help="Where the validation loss was lowest: stopping there is early stopping, a regularizer too. "
            "It is chosen on validation labels, which are clean here; in practice they need not be.",
        )  # fmt: skip
        if not math.isnan(yours.run.summary.memorised):
            _share("Flipped labels memorised", none, yours, lambda s: s.memorised, "inverse",
                   "The share of the flipped training labels that the network repeats. One that has learnt nothing by "
                   "heart repeats some, too: those where it is wrong anyway.")  # fmt: skip
    st.caption(
        "Both networks had the same data and first weights. This is one pair of runs: another seed may say otherwise."
    )


def _gap_help(config: RunConfig) -> str:
    """What the gap is, and what it would be for the perfect boundary: its train accuracy lacks the flipped labels."""
    flipped = round(config.label_noise * config.n_train) / config.n_train
    perfect = f"−{100 * flipped:.1f} points" if flipped else "0"
    return (
        "Generalization gap: train minus fresh-data accuracy. Large means learnt by heart. For the perfect boundary it "
        f"is {perfect} here, since training labels may be flipped and fresh ones never are."
    )


def _share(
    label: str, none: Arm, yours: Arm, pick: Callable[[Summary], float], colour: str, note: str, unit: str = "%"
) -> None:
    value, other = pick(yours.run.summary), pick(none.run.summary)
    if yours.run.summary.one_answer:
        colour = "off"  # a network that has learnt nothing has a small gap, and nothing to be green about
    change = round(100 * (value - other), 1)
    st.metric(
        label,
        "–" if math.isnan(value) else f"{100 * value:.1f}{run_words.NBSP}{unit}".replace("-", "−"),
        delta=None if math.isnan(change) or change == 0 else f"{change:+.1f} points",
        delta_color=colour,  # type: ignore[arg-type]  # one of Streamlit's literals, see metrics()
        help=note,
        border=True,
        height="stretch",
    )


def _error(arm: Arm, n: int) -> str:
    """The standard error of an accuracy over n points, in points: sqrt(p (1 - p) / n)."""
    p = arm.run.summary.fresh_accuracy
    return "–" if math.isnan(p) else f"{100 * math.sqrt(p * (1 - p) / n):.1f}"


def table(arms: Sequence[Arm]) -> None:
    """The numbers behind the chart, one row an epoch."""
    expander = st.expander("Table behind the chart", icon=":material/table:", on_change="rerun", key="table")
    if expander.open:  # a table that nobody sees would cost every move of a slider
        expander.dataframe(pd.concat({arm.label: arm.run.history for arm in arms}, axis="columns"), height=320)


def downloads(arms: Sequence[Arm], yours: Arm, offline_page: Callable[[], str]) -> None:
    """Curves, code and picture. What is large is made only when it is asked for."""
    stem = export.file_stem(yours.run.config)
    of = tuple((arm.key, arm.run.config) for arm in arms)  # what a file of the curves depends on
    with st.container(horizontal=True):
        st.download_button(
            "Curves (CSV)", once("csv", of, lambda: curves_csv(arms)), f"{stem}.csv", "text/csv",
            icon=":material/download:", on_click="ignore",
            help="Accuracies and losses of the arms shown, one row an arm and epoch.",
        )  # fmt: skip
        st.download_button(
            "Curves (Excel)", once("excel", of, lambda: curves_excel(arms)), f"{stem}.xlsx", excel.MIME,
            icon=":material/download:", on_click="ignore",
            help="The same for Excel and other spreadsheets, whether you write 0.5 or 0,5.",
        )  # fmt: skip
        st.download_button(
            "Python script", lambda: script(yours), f"{stem}.py", "text/x-python",
            icon=":material/code:", on_click="ignore",
            help="Plain PyTorch and matplotlib: run it to get the very numbers of your settings.",
        )  # fmt: skip
        st.download_button(
            "Picture (offline HTML)", offline_page, f"{stem}.html", "text/html", icon=":material/movie:",
            on_click="ignore", help="The picture with its Play button in one file that needs no internet. 2 MB.",
        )  # fmt: skip
    expander = st.expander("The code behind your settings", icon=":material/code:", on_change="rerun", key="code")
    if expander.open:
        expander.code(script(yours), language="python", wrap_lines=True)


def curves_csv(arms: Sequence[Arm]) -> str:
    """All arms' histories as one CSV: arm, epoch and the five columns."""
    text: str = _curves(arms).to_csv()
    return text


def curves_excel(arms: Sequence[Arm]) -> bytes:
    """The same as an Excel file."""
    return excel.excel_file({"curves": _curves(arms)})


def _curves(arms: Sequence[Arm]) -> pd.DataFrame:
    return pd.concat({arm.key: arm.run.history for arm in arms}, names=["arm", "epoch"])


def script(arm: Arm) -> str:
    """The arm's script, with this process's number of threads, on which the last bit of long sums depends."""
    return export.script(arm.run.config, threads=torch.get_num_threads())
