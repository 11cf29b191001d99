"""The data sets: what is drawn, how it is labelled, and what noise may touch."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash import RunConfig
from regdash.data import DATASETS, N_FRESH, make
from tests.oracle import PARABOLAS

KEYS = list(DATASETS)
TENSORS = ("x_train", "y_train", "x_val", "y_val", "x_fresh", "y_fresh", "flipped")


def nearest(points: torch.Tensor, curve: torch.Tensor) -> torch.Tensor:
    """Distance of each point (n, 2) to a densely sampled curve (m, 2)."""
    return torch.cdist(points.double(), curve).min(dim=1).values


def half_circle(centre: tuple[float, float], up: float) -> torch.Tensor:
    angle = torch.linspace(0, math.pi, 2001, dtype=torch.float64)
    return torch.stack([torch.cos(angle), up * torch.sin(angle)], dim=1) + torch.tensor(centre, dtype=torch.float64)


RULES = {
    **PARABOLAS,
    "circles": lambda x: x.norm(dim=1) > 1,
    "xor": lambda x: (x[:, 0] > 0) == (x[:, 1] > 0),
    "moons": lambda x: nearest(x, half_circle((0.5, 0.25), -1)) < nearest(x, half_circle((-0.5, -0.25), 1)),
    "blobs": lambda x: (x - 1).norm(dim=1) < (x + 1).norm(dim=1),
}


def same(first, second) -> bool:
    return all(torch.equal(getattr(first, name), getattr(second, name)) for name in TENSORS)


@pytest.mark.parametrize("key", KEYS)
@given(
    n_samples=st.integers(20, 2000),
    train_fraction=st.floats(0.1, 0.9),
    label_noise=st.floats(0, 0.5),
    data_seed=st.integers(0, 2**31 - 1),
)
@settings(max_examples=15)
def test_shapes_types_and_exactly_so_many_flips(key: str, **settings_: float) -> None:
    config = RunConfig(dataset=key, **settings_)
    made = make(config)
    n_train = int(settings_["train_fraction"] * settings_["n_samples"])
    sizes = {"train": n_train, "val": config.n_samples - n_train, "fresh": N_FRESH}
    for part, size in sizes.items():
        x, y = getattr(made, f"x_{part}"), getattr(made, f"y_{part}")
        assert (x.shape, x.dtype) == ((size, 2), torch.float32)
        assert (y.shape, y.dtype) == ((size,), torch.int64)
        assert x.isfinite().all()
        assert set(y.tolist()) <= {0, 1}
    assert (made.flipped.shape, made.flipped.dtype) == ((n_train,), torch.bool)
    assert made.flipped.sum() == round(settings_["label_noise"] * n_train)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("data_seed", [0, 7, 2**31 - 1])
def test_both_classes_have_a_fair_share(key: str, data_seed: int) -> None:
    made = make(RunConfig(dataset=key, n_samples=200, data_seed=data_seed))
    for labels in (made.y_train, made.y_val, made.y_fresh):
        assert 0.25 <= labels.float().mean() <= 0.75


@pytest.mark.parametrize("key", RULES)
def test_labels_follow_the_rule_and_only_flips_break_it(key: str) -> None:
    made = make(RunConfig(dataset=key, n_samples=2000, label_noise=0.3))
    for x, y in ((made.x_val, made.y_val), (made.x_fresh, made.y_fresh)):
        assert torch.equal(y, RULES[key](x).long())
    clean = RULES[key](made.x_train).long()
    assert torch.equal(made.y_train != clean, made.flipped)
    assert torch.equal(made.y_train[made.flipped], 1 - clean[made.flipped])


def test_points_of_the_spirals_belong_to_the_arm_they_were_drawn_on() -> None:
    """Each arm is the other one turned by half a circle, so turning the plane must swap the classes."""
    spec = DATASETS["spirals"]
    radius = torch.linspace(0.2, 1.8, 500)
    angle = 1.5 * math.pi * radius
    first_arm = torch.stack([radius * torch.cos(angle), radius * torch.sin(angle)], dim=1)
    assert (spec.score(first_arm) < 0).all()
    assert (spec.score(-first_arm) > 0).all()
    made = make(RunConfig(dataset="spirals"))
    assert torch.equal((spec.score(-made.x_fresh) > 0).long(), 1 - made.y_fresh)
    assert torch.equal((spec.score(made.x_fresh) > 0).long(), made.y_fresh)


@pytest.mark.parametrize("key", PARABOLAS)
@pytest.mark.parametrize("data_seed", [0, 7, 11, 2**31 - 1])
@pytest.mark.parametrize("n_samples", [20, 180, 200, 2000])
def test_parabolas_are_plain_torch_randn(key: str, data_seed: int, n_samples: int) -> None:
    made = make(RunConfig(dataset=key, n_samples=n_samples, data_seed=data_seed))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(data_seed)
        x = torch.randn(n_samples, 2)
    assert torch.equal(torch.cat([made.x_train, made.x_val]), x)
    assert torch.equal(torch.cat([made.y_train, made.y_val]), PARABOLAS[key](x).long())
    assert not made.flipped.any()


@pytest.mark.parametrize("key", KEYS)
def test_the_same_config_gives_the_same_bits_and_no_training_setting_matters(key: str) -> None:
    config = RunConfig(dataset=key, label_noise=0.2)
    other = config.but(seed=8, width=1, depth=1, dropout=0.0, weight_decay=1.0, decay="decoupled", epochs=1)
    assert same(make(config), make(config))
    assert same(make(config), make(other))


@pytest.mark.parametrize("key", KEYS)
def test_each_data_seed_draws_other_points_and_flips(key: str) -> None:
    config = RunConfig(dataset=key, label_noise=0.3)
    first, second = make(config), make(config.but(data_seed=8))
    for name in ("x_train", "x_val", "x_fresh", "flipped"):
        assert not torch.equal(getattr(first, name), getattr(second, name))


@pytest.mark.parametrize("key", KEYS)
def test_fresh_points_are_new(key: str) -> None:
    made = make(RunConfig(dataset=key, n_samples=2000))
    seen = {tuple(point) for point in torch.cat([made.x_train, made.x_val]).tolist()}
    fresh = {tuple(point) for point in made.x_fresh.tolist()}
    assert len(fresh) > 0.99 * N_FRESH
    assert not seen & fresh


@pytest.mark.parametrize("key", KEYS)
def test_more_noise_flips_the_same_labels_and_some_more_and_nothing_else(key: str) -> None:
    clean = make(RunConfig(dataset=key))
    before = clean
    for noise in (0.01, 0.1, 0.2, 0.35, 0.5):
        noisy = make(RunConfig(dataset=key, label_noise=noise))
        assert noisy.flipped.sum() == round(noise * 140)
        assert (noisy.flipped | ~before.flipped).all()
        assert torch.equal(noisy.y_train != clean.y_train, noisy.flipped)
        for name in ("x_train", "x_val", "y_val", "x_fresh", "y_fresh"):
            assert torch.equal(getattr(noisy, name), getattr(clean, name))
        before = noisy


def test_the_train_fraction_moves_only_the_cut() -> None:
    first, second = make(RunConfig(train_fraction=0.3)), make(RunConfig(train_fraction=0.7))
    assert torch.equal(torch.cat([first.x_train, first.x_val]), torch.cat([second.x_train, second.x_val]))
    assert torch.equal(torch.cat([first.y_train, first.y_val]), torch.cat([second.y_train, second.y_val]))
    assert torch.equal(first.x_fresh, second.x_fresh)


@pytest.mark.parametrize("key", KEYS)
def test_the_process_wide_stream_is_left_alone(key: str) -> None:
    before = torch.get_rng_state()
    make(RunConfig(dataset=key, label_noise=0.5))
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("key", KEYS)
def test_every_row_is_complete(key: str) -> None:
    spec = DATASETS[key]
    assert spec.label
    assert spec.rule
    assert 0 <= spec.default_noise <= 0.5
    x = spec.draw(5, torch.Generator().manual_seed(0))
    assert (x.shape, x.dtype) == ((5, 2), torch.float32)
    assert (spec.score(x).shape, spec.score(x).dtype) == ((5,), torch.float32)


def test_the_registry_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        DATASETS["blobs"] = DATASETS["xor"]  # type: ignore[index]
