"""A study in a permanent link, and a permanent link's study in the controls."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import streamlit as st

from regdash.config import FIELDS
from regdash.figures.study.curves import CURVE_VIEWS
from regdash.figures.study.slices import Slice, slices, usual_baseline
from regdash.permalink import Study, mark
from regdash.study import StudyResult, StudySpec
from regdash.ui.common import share, shared
from regdash.ui.study import job, keys
from regdash.ui.study.settings import Settings, normalised
from regdash.words import shared as words

OWN: Mapping[str, str] = MappingProxyType(
    {
    keys.SWEEP: "Vary", keys.VALUES: "Values", keys.SWEEP_2: "And vary", keys.VALUES_2: "Values of the second",
    keys.SEEDS: "Seeds", keys.DATA_SEEDS: "Data", keys.METRIC: "Judged by", "along": "Charts along",
    "baseline": "Compared with", "curves": "Curves of", "differences": "Differences",
    }
)  # fmt: skip


def values(page: Study) -> tuple[dict[str, Any], list[str]]:
    """What the study's controls have, by their keys in the session; and what they cannot show, in sentences."""
    spec, counted = page.spec, page.spec.but(seeds=page.spec.n_seeds)
    notes = (
        []
        if spec.seeds == counted.seeds
        else [f"Seeds were replaced: here they follow each other from {spec.base.seed}."]
    )
    spec = normalised(counted)
    piece = _slice(page, spec)
    baseline = spec.cells.index(page.spec.cells[page.baseline])
    names = dict(zip(piece.cells, piece.names, strict=True))
    chosen = {
        keys.METRIC: {key: label for label, key in keys.METRIC_LABELS.items()}[page.metric],
        keys.SLICE: piece.title,
        keys.BASELINE: names.get(baseline, piece.names[0]),
        keys.CURVE: CURVE_VIEWS[page.curves].label,
        keys.DIFFERENCES: keys.DIFFERENCE_VIEWS[page.differences],
    }
    return keys.held(spec) | chosen, notes


def button(settings: Settings) -> None:
    """The button that copies a link to this study."""
    share.button(
        lambda: _here(settings), mark=_mark, controls={name: f.label for name, f in FIELDS.items()} | dict(OWN)
    )


def likeness(result: StudyResult) -> str:
    """Whether a whole result is that of the link by which the visitor came; "" where the link does not say."""
    view = shared.view()
    there = mark.read(view.mark) if view else None
    if view is None or there is None or not isinstance(view.page, Study) or not result.complete:
        return ""
    changed = words.changes(result.spec.base, view.page.spec.base, but=result.spec.fields)
    if result.spec.n_seeds != view.page.spec.n_seeds:
        changed.append(f"{result.spec.n_seeds} seeds instead of {view.page.spec.n_seeds}")
    return words.likeness(there, mark.of_study(result), changed)


def _slice(page: Study, spec: StudySpec) -> Slice:
    """The slice that a link names, in `spec`, where values may stand in another order."""
    others = [values[page.at] for name, values in page.spec.sweep if name != page.along]
    return next(
        piece for piece in slices(spec)
        if piece.field == page.along and (piece.at is None or piece.at[1] == others[0])
    )  # fmt: skip


def _here(settings: Settings) -> Study | None:
    """What is on screen; None where the settings make no study."""
    spec = settings.spec
    if spec is None:
        return None
    found = {piece.title: piece for piece in slices(spec)}
    piece = found.get(st.session_state.get(keys.SLICE, ""), next(iter(found.values())))
    cells = dict(zip(piece.names, piece.cells, strict=True))
    at = 0
    if piece.at is not None:
        at = dict(spec.sweep)[piece.at[0]].index(piece.at[1])
    curves = {view.label: key for key, view in CURVE_VIEWS.items()}
    differences = {label: key for key, label in keys.DIFFERENCE_VIEWS.items()}
    return Study(
        spec=spec, metric=settings.metric, along=piece.field, at=at,
        baseline=cells.get(st.session_state.get(keys.BASELINE, ""), piece.cells[usual_baseline(piece, settings.base)]),
        curves=curves.get(st.session_state.get(keys.CURVE, ""), next(iter(curves.values()))),
        differences=differences.get(st.session_state.get(keys.DIFFERENCES, ""), keys.SEED_BY_SEED),
    )  # fmt: skip


def _mark() -> str:
    present = job.current()
    result = present.result if present is not None and present.state == "finished" else None
    return "" if result is None else mark.of_study(result).text
