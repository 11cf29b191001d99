import pytest
import torch
from torch import nn

from regdash import RunConfig
from regdash.model import Dropout, Network, linear


@pytest.mark.parametrize("p", [0.05, 0.5, 0.95])
def test_dropout_is_nn_dropout_with_a_generator_of_its_own(p):
    x = torch.randn(7, 13)
    mine = Dropout(p, torch.Generator().manual_seed(3))(x)
    with torch.random.fork_rng():
        torch.manual_seed(3)
        theirs = nn.Dropout(p)(x)
    assert torch.equal(mine, theirs)


def test_dropout_off_draws_nothing():
    generator = torch.Generator().manual_seed(3)
    before = generator.get_state()
    x = torch.randn(7, 13)
    assert Dropout(0.0, generator)(x) is x
    assert Dropout(0.5, generator).eval()(x) is x
    assert torch.equal(generator.get_state(), before)


def test_linear_starts_as_nn_linear():
    mine = linear(5, 3, torch.Generator().manual_seed(3))
    with torch.random.fork_rng():
        torch.manual_seed(3)
        theirs = nn.Linear(5, 3)
    assert torch.equal(mine.weight, theirs.weight)
    assert torch.equal(mine.bias, theirs.bias)


@pytest.mark.parametrize("depth", [1, 2, 3])
def test_the_network_has_the_layers_it_promises(depth):
    network = Network(RunConfig(width=9, depth=depth), torch.Generator())
    kinds = [type(layer).__name__ for layer in network.layers]
    assert kinds == ["Linear", "ReLU", "Dropout"] * depth + ["Linear"]
    assert network(torch.zeros(4, 2)).shape == (4, 2)
