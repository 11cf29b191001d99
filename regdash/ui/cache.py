"""Thin, bounded caches between the page and the core, keyed on configs only."""

from collections.abc import Sequence

import numpy as np
import streamlit as st
import torch

from regdash import data
from regdash.config import RunConfig
from regdash.figures.boundary import Points
from regdash.results import Run
from regdash.training import train

@st.cache_resource(max_entries=256, show_spinner=False)
def _run(config):
    r = train(config, on_progress=lambda d, t: "_tick" in st.session_state)
    r.surfaces
    return r

def runs(configs: Sequence[RunConfig]) -> list[Run]:
    return [_run(c) for c in configs]


@st.cache_resource(max_entries=64, show_spinner=False)
def points(config: RunConfig, half: float) -> Points:
    """The points of `config` and its true boundary on the grid that ends at `half`."""
    drawn = data.make(config)
    axis = np.linspace(-half, half, 64, dtype=np.float32)
    return Points(
        x=torch.cat([drawn.x_train, drawn.x_val]).numpy(),
        labels=torch.cat([drawn.y_train, drawn.y_val]).numpy().astype(np.uint8),
        n_train=config.n_train,
        flipped=drawn.flipped.numpy(),
        truth=data.true_scores(config.dataset, axis),
    )
