"""Sub-networks, compared with torch's own dropout in training mode, given the same masks."""

import numpy as np
import pytest
import torch
from torch import nn

from regdash import RunConfig, train
from regdash.teaching.subnetworks import draw_masks, share_right, thinned


@pytest.fixture(scope="module")
def run():
    return train(RunConfig(width=12, epochs=20, dropout=0.4, n_samples=60))


class Given(nn.Module):
    """Dropout with a mask that is given."""

    def __init__(self, on, p):
        super().__init__()
        self.on, self.p = on, p

    def forward(self, x):
        return x * self.on / (1 - self.p)


def network(run, masks, index):
    layers = []
    *hidden, last = run.layers(run.config.epochs)
    for (weight, bias), on in zip(hidden, masks, strict=True):
        layers += [linear(weight, bias), nn.ReLU(), Given(torch.from_numpy(on[index]), run.config.dropout)]
    return nn.Sequential(*layers, linear(*last))


def linear(weight, bias):
    layer = nn.Linear(weight.shape[1], weight.shape[0])
    layer.weight.data, layer.bias.data = torch.from_numpy(weight.copy()), torch.from_numpy(bias.copy())
    return layer


def test_a_thinned_network_is_what_torch_computes_with_that_mask(run):
    masks, x = draw_masks(run, 5, seed=3), np.random.default_rng(0).normal(size=(50, 2)).astype(np.float32)
    found = thinned(run, masks, x)
    for index in range(5):
        with torch.no_grad():
            wanted = network(run, masks, index)(torch.from_numpy(x)).softmax(1)[:, 1].numpy()
        np.testing.assert_allclose(found[index], wanted, atol=1e-5)


def test_with_all_units_on_and_no_dropout_it_is_the_network_in_eval_mode():
    run = train(RunConfig(width=12, epochs=20, dropout=0.0, n_samples=60))
    masks = draw_masks(run, 2, seed=0)
    assert all(on.all() for on in masks)
    np.testing.assert_allclose(thinned(run, masks, run.grid)[1], run.boundary(20).ravel(), atol=1e-6)


def test_masks_leave_out_as_many_units_as_dropout_says(run):
    masks = draw_masks(run, 4000, seed=1)
    assert [on.shape for on in masks] == [(4000, 12)] * 2
    assert np.mean(masks) == pytest.approx(0.6, abs=0.01)
    again, other = draw_masks(run, 4000, seed=1), draw_masks(run, 4000, seed=2)
    assert all(np.array_equal(a, b) for a, b in zip(masks, again, strict=True))
    assert not np.array_equal(masks[0], other[0])


def test_shares_right():
    probability = np.array([[0.9, 0.2, 0.6], [0.1, 0.2, 0.4]], dtype=np.float32)
    assert share_right(probability, np.array([1, 0, 0])).tolist() == pytest.approx([2 / 3, 2 / 3])
