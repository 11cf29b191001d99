"""Pinned runs: settings kept aside for comparison, as a table and as curves in the picture."""

import streamlit as st

from regdash.config import DATA_FIELDS, FIELDS, RunConfig
from regdash.figures.explore.curves import Pin
from regdash.results import Run
from regdash.ui.common import cache, controls, locks, pinned, shared
from regdash.words.runs import percent, regularizers


def runs() -> list[tuple[int, Run]]:
    """The pinned runs with their numbers, oldest first."""
    found = pinned.pins()
    return list(zip(found, cache.runs(list(found.values())), strict=True))


def pin_button(config: RunConfig) -> None:
    """The button that pins `config`; disabled, with the reason, when it is pinned already or there is no room."""
    if shared.is_hidden("pin"):
        return
    full, there = len(pinned.pins()) >= pinned.MAX_PINS, config in pinned.pins().values()
    reason = (
        locks.REASON if shared.is_fixed("pin")
        else "These settings are pinned already." if there
        else f"Remove a pin first: {pinned.MAX_PINS} fit." if full
        else ""
    )  # fmt: skip
    st.button(
        "Pin this run",
        icon=":material/keep:",
        on_click=_pin,
        disabled=bool(reason),
        width="stretch",
        help=reason or "Keep this run's curve in the picture and its numbers in a table below, then change settings.",
    )


def _pin() -> None:
    pinned.add(controls.current())  # those of the click: a move may have been drawn without this button


def table(pins: list[tuple[int, Run]], current: RunConfig) -> None:
    """One row per pin: numbers, what differs from the present settings, and buttons to restore or remove it."""
    if not pins:
        return
    st.header("Pinned runs")
    for number, run in pins:
        s = run.summary
        with st.container(horizontal=True, vertical_alignment="center", border=True):
            st.markdown(
                f"**Pin {number}** · {regularizers(run.config)} · train {percent(s.train_accuracy)}, "
                f"validation {percent(s.val_accuracy)}, **fresh data {percent(s.fresh_accuracy)}**"
                f"  \n:small[{difference(run.config, current)}]",
                width="stretch",
            )
            with st.container(
                horizontal=True, wrap=False, width="content", gap="xsmall"
            ):  # never one without the other
                st.button(
                    "Restore", key=f"restore_{number}", icon=":material/undo:", on_click=controls.choose,
                    args=(run.config,), help="Put this pin's settings back into the controls.",
                )  # fmt: skip
                st.button(
                    "Remove", key=f"remove_{number}", icon=":material/close:", on_click=pinned.remove, args=(number,),
                    disabled=shared.is_fixed("pin"), help=locks.told("pin", "Take it out of picture and list."),
                )  # fmt: skip


def named(pins: list[tuple[int, Run]], current: RunConfig) -> list[Pin]:
    """The pins as the picture names them: by their regularizers, and with a warning where the data differ."""

    def name(number: int, config: RunConfig) -> str:
        warning = "" if _same_data(config, current) else "; other data"
        return f"Pin {number} ({regularizers(config)}{warning})"

    return [Pin(number=number, name=name(number, run.config), run=run) for number, run in pins]


def difference(config: RunConfig, other: RunConfig) -> str:
    """What sets `config` apart from `other`, in words: "width 8 (now 64), seed 3 (now 7)"."""
    parts = [
        f"{field.label.lower()} {field.text(getattr(config, name))} (now {field.text(getattr(other, name))})"
        for name, field in FIELDS.items()
        if getattr(config, name) != getattr(other, name)
    ]
    return ", ".join(parts) if parts else "the present settings"


def _same_data(one: RunConfig, other: RunConfig) -> bool:
    return all(getattr(one, name) == getattr(other, name) for name in DATA_FIELDS)
