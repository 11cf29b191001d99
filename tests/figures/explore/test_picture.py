import base64
import json
from dataclasses import replace

import numpy as np
import pytest

from regdash import data, train_many
from regdash.figures import theme
from regdash.figures.explore.boundary import SIZES, Points, wrong
from regdash.figures.explore.curves import VIEWS, Pin
from regdash.figures.explore.picture import MAX_BYTES, Picture, figure, frame_epochs, payload, spec
from regdash.results import GRID_SIDE, level_probabilities
from regdash.training import train


def decode(text, dtype=np.uint8):
    return np.frombuffer(base64.b64decode(text), dtype=dtype)


@pytest.fixture(scope="session")
def points(arms):
    config, run = arms[0].run.config, arms[0].run
    drawn = data.make(config)
    return Points(
        x=np.concatenate([drawn.x_train, drawn.x_val]),
        labels=np.concatenate([drawn.y_train, drawn.y_val]).astype(np.uint8),
        n_train=config.n_train,
        flipped=drawn.flipped.numpy(),
        truth=data.true_scores(config.dataset, run.axis),
    )


@pytest.fixture(scope="session")
def picture(arms, points):
    return Picture(arms=arms, points=points)


@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_plotly_accepts_the_spec(picture, view, mode, n):
    some = replace(
        picture, arms=picture.arms[:n], pins=[Pin(number=1, name="Pin 1", run=picture.arms[3].run)], view=view
    )
    drawn = figure(some, theme.palette(mode))  # Plotly's own validation
    assert sum(trace.type == "heatmap" for trace in drawn.data) == n


def test_the_same_runs_give_the_same_bytes(picture):
    first, second = (payload(picture, theme.LIGHT) for _ in range(2))
    assert first == second


def test_frames_hold_the_runs_own_surfaces(picture):
    frames = payload(picture, theme.LIGHT)["frames"]
    surfaces = np.frombuffer(frames["surface"], dtype=np.uint8).reshape(
        len(picture.arms), len(frames["epochs"]), GRID_SIDE, GRID_SIDE
    )
    for arm, frame in zip(picture.arms, surfaces, strict=True):
        np.testing.assert_array_equal(frame[-1], arm.run.surfaces[-1])
    np.testing.assert_array_equal(decode(frames["probability"]).view(np.float32), level_probabilities())


def test_rings_mark_what_the_accuracy_counts(picture, points):
    frames = payload(picture, theme.LIGHT)["frames"]
    bits = decode(frames["wrong"]).reshape(len(picture.arms), len(frames["epochs"]), -1)
    rings = np.unpackbits(bits, axis=2, count=frames["points"], bitorder="little")
    for arm, ring in zip(picture.arms, rings, strict=True):
        np.testing.assert_array_equal(ring, wrong(arm.run, points))
        train_share = 1 - ring[-1][: points.n_train].mean()
        assert train_share == pytest.approx(arm.run.summary.train_accuracy)
        assert 1 - ring[-1][points.n_train :].mean() == pytest.approx(arm.run.summary.val_accuracy)


def test_scores_are_the_history(picture):
    for arm, score in zip(picture.arms, payload(picture, theme.LIGHT)["scores"], strict=True):
        np.testing.assert_array_equal(
            decode(score["validation"], np.float32), arm.run.history["val_accuracy"].astype(np.float32)
        )


def test_many_arms_get_fewer_frames_but_first_and_last(picture):
    long = train(picture.arms[0].run.config.but(epochs=50))
    four = replace(picture, arms=[replace(arm, run=long) for arm in picture.arms])
    epochs = frame_epochs(four)
    assert len(epochs) * 4 * GRID_SIDE**2 <= MAX_BYTES
    assert (epochs[0], epochs[-1]) == (1, 50)
    assert len(frame_epochs(replace(four, arms=four.arms[:2]))) == 40


@pytest.mark.parametrize("n_samples", [60, 2000])
@pytest.mark.parametrize(("shown", "n_pins"), [((0, 3), 0), ((0, 1, 2, 3), 6)])
def test_the_payload_fits_the_budget(arms, n_samples, shown, n_pins):
    """600 kB, also with the longest curves and the most points that a visitor can ask for."""
    config = arms[0].run.config.but(n_samples=n_samples, epochs=1000, width=1)
    (run,), drawn = train_many([config]), data.make(config)
    many = Points(
        x=np.concatenate([drawn.x_train, drawn.x_val]),
        labels=np.concatenate([drawn.y_train, drawn.y_val]).astype(np.uint8),
        n_train=config.n_train,
        flipped=drawn.flipped.numpy(),
        truth=data.true_scores(config.dataset, run.axis),
    )
    pins = [Pin(number=i, name=f"Pin {i}", run=run) for i in range(n_pins)]
    most = Picture(arms=[replace(arms[i], run=run) for i in shown], points=many, pins=pins)
    made = payload(most, theme.LIGHT)
    surface = made["frames"].pop("surface")
    assert len(json.dumps(made)) + len(surface) <= 600_000


def test_meaning_does_not_depend_on_colour_alone(picture):
    drawn = [trace for trace in spec(picture, theme.LIGHT)["data"] if trace["uid"].startswith(("train-", "val-"))]
    symbols = {code for trace in drawn for code in decode(trace["marker"]["symbol"]["bdata"])}
    assert symbols == set(theme.SYMBOLS.values())
    assert len(set(theme.SYMBOLS.values())) == 4


def test_names_of_traces_are_fit_for_a_style_sheet(picture):
    """Plotly makes a class of each uid, and looks its nodes up by it."""
    pinned = replace(picture, pins=[Pin(number=7, name="Pin 7 (dropout 0.5; other data)", run=picture.arms[0].run)])
    uids = [trace["uid"] for trace in spec(pinned, theme.LIGHT)["data"]]
    assert all(uid.replace("-", "").replace("_", "").isalnum() for uid in uids)
    assert len(set(uids)) == len(uids)


def test_without_dropout_there_is_no_second_train_curve(picture):
    uids = {trace["uid"] for trace in spec(picture, theme.LIGHT)["data"]}
    assert "curve-dropout-train_accuracy_dropout_on" in uids
    assert "curve-none-train_accuracy_dropout_on" not in uids


@pytest.mark.parametrize("view", VIEWS)
def test_a_star_marks_the_lowest_validation_loss_of_each_arm(picture, view):
    (star,) = [trace for trace in spec(replace(picture, view=view), theme.LIGHT)["data"] if trace["uid"] == "best"]
    column = VIEWS[view].lines[0].column
    for arm, x, y in zip(
        picture.arms, decode(star["x"]["bdata"], np.int32), decode(star["y"]["bdata"], np.float32), strict=True
    ):
        assert x == arm.run.history["val_loss"].idxmin()
        expected = arm.run.flipped[x - 1] if column == "flipped" else arm.run.history.loc[x, column]
        assert y == np.float32(expected) or np.isnan(y)


@pytest.mark.parametrize("view", VIEWS)
def test_a_mark_at_the_end_shows_each_networks_accuracy_on_fresh_data(picture, view):
    found = [trace for trace in spec(replace(picture, view=view), theme.LIGHT)["data"] if trace["uid"] == "fresh"]
    assert len(found) == (view == "accuracy")
    for mark in found:
        assert set(decode(mark["x"]["bdata"], np.int32)) == {picture.arms[0].run.config.epochs}
        heights = decode(mark["y"]["bdata"], np.float32)
        for arm, y, said, colour in zip(
            picture.arms, heights, mark["customdata"], mark["marker"]["color"], strict=True
        ):
            assert y == np.float32(arm.run.test_accuracy)
            assert said == f"{100 * arm.run.test_accuracy:.1f} %"
            assert colour == theme.LIGHT.arms[arm.key]
        assert mark["text"] == [arm.label for arm in picture.arms]
        symbols = {look.symbol for look in theme.LOOKS.values()} | set(theme.PIN_SYMBOLS) | {"star"}
        assert mark["marker"]["symbol"] not in symbols


def test_a_diverged_run_has_no_mark_of_fresh_data(picture):
    nothing = np.full_like(picture.arms[1].run.curves, np.nan)
    lost = replace(picture.arms[1], run=replace(picture.arms[1].run, curves=nothing, test_accuracy=np.nan))
    drawn = spec(replace(picture, arms=[picture.arms[0], lost]), theme.LIGHT)["data"]
    (mark,) = [trace for trace in drawn if trace["uid"] == "fresh"]
    assert mark["text"] == [picture.arms[0].label]
    assert len(decode(mark["y"]["bdata"], np.float32)) == 1


@pytest.mark.parametrize("fresh", [0.12, 0.5])
def test_the_mark_of_fresh_data_lies_within_the_axis(picture, fresh):
    low = replace(picture.arms[0], run=replace(picture.arms[0].run, test_accuracy=fresh))
    bottom, top = spec(replace(picture, arms=[low]), theme.LIGHT)["layout"]["yaxis"]["range"]
    assert bottom < fresh < top
    assert bottom == (0.3 if fresh >= 0.3 else -0.03)


def test_axes_are_fixed_and_shared(picture):
    layout = spec(picture, theme.LIGHT)["layout"]
    ranges = {tuple(layout[f"{axis}axis{n}"]["range"]) for axis in "xy" for n in range(2, 6)}
    assert len(ranges) == 1
    assert layout["yaxis"]["range"] == [0.3, 1.03]


@pytest.mark.parametrize("variant", ["wide", "narrow"])
def test_boundaries_are_zoomed_together_and_curves_alone(picture, variant):
    layout = payload(picture, theme.LIGHT)[variant]["layout"]
    for letter in "xy":
        assert "matches" not in layout[f"{letter}axis"]
        assert "matches" not in layout[f"{letter}axis2"]
        assert {layout[f"{letter}axis{n}"]["matches"] for n in (3, 4, 5)} == {f"{letter}2"}
    assert layout["yaxis2"]["scaleanchor"] == "x2"  # one unit is as long up as along


def test_panels_do_not_overlap(picture):
    for variant in ("wide", "narrow"):
        layout = payload(picture, theme.LIGHT)[variant]["layout"]
        boxes = [(*layout[f"xaxis{n}"]["domain"], *layout[f"yaxis{n}"]["domain"]) for n in ("", 2, 3, 4, 5)]
        for i, (left, right, low, high) in enumerate(boxes):
            assert 0 <= left < right <= 1.0001
            assert 0 <= low < high <= 1.0001
            for other in boxes[i + 1 :]:
                apart = right <= other[0] or other[1] <= left or high <= other[2] or other[3] <= low
                assert apart


def test_the_truth_is_where_the_rule_says(points, picture):
    run = picture.arms[0].run
    x0, x1 = np.meshgrid(run.axis, run.axis)
    np.testing.assert_allclose(points.truth, x0**2 + 0.8 * x1 - 0.5, atol=1e-5)


@pytest.mark.parametrize("n_samples", [20, 200, 600, 2000])
def test_marks_are_smaller_the_more_points_there_are(arms, n_samples):
    config = arms[0].run.config.but(n_samples=n_samples, epochs=1, width=1)
    run, drawn = train(config), data.make(config)
    some = Points(
        x=np.concatenate([drawn.x_train, drawn.x_val]),
        labels=np.concatenate([drawn.y_train, drawn.y_val]).astype(np.uint8),
        n_train=config.n_train,
        flipped=drawn.flipped.numpy(),
        truth=data.true_scores(config.dataset, run.axis),
    )
    panel = {
        trace["uid"]: trace
        for trace in spec(Picture(arms=[replace(arms[0], run=run)], points=some), theme.LIGHT)["data"]
        if trace.get("xaxis") == "x2"
    }
    scale, opacity = theme.crowd(n_samples)
    for kind in ("train", "val", "flipped", "flipped-halo", "wrong"):
        trace = panel[f"{kind}-none"]
        assert trace["marker"]["size"] == pytest.approx(scale * SIZES[kind.split("-")[0]], abs=0.01)
        faint = trace["marker"]["opacity"] if kind in ("train", "val") else trace["opacity"]
        assert faint == opacity
        hole = trace["marker"]["size"] - trace["marker"]["line"]["width"]
        assert kind == "flipped-halo" or hole >= 1  # pixels: a hollow point stays hollow


def test_names_marks_and_colours_agree_everywhere(picture):
    made = payload(picture, theme.LIGHT)
    titles = {note["text"]: note["font"]["color"] for note in made["wide"]["layout"]["annotations"]}
    small = [note["text"] for note in made["narrow"]["layout"]["annotations"]]
    for arm, score, short in zip(picture.arms, made["scores"], small, strict=True):
        character = theme.LOOKS[arm.key].character
        assert (score["mark"], score["colour"]) == (character, theme.LIGHT.arms[arm.key])
        fresh = f"<b>{100 * arm.run.test_accuracy:.1f} %</b>"
        wide = f"<b>{character} {arm.label}</b><br>ends at {fresh} on fresh data"
        assert titles[wide] == theme.LIGHT.arms[arm.key]
        assert short == f"<b>{character} {arm.short}</b><br>fresh {fresh}"


def test_an_arm_that_repeats_another_says_which(picture):
    twins = replace(picture, arms=[picture.arms[0], replace(picture.arms[1], run=picture.arms[0].run)])
    made = payload(twins, theme.LIGHT)
    for variant, title in (("wide", "<b>▲ Dropout only (= none)</b>"), ("narrow", "<b>▲ Dropout (= —)</b>")):
        assert made[variant]["layout"]["annotations"][1]["text"].startswith(f"{title}<br>")


def test_there_is_room_for_names_beside_the_curves(picture):
    """In exports; on the page the script makes it."""
    layout = spec(picture, theme.LIGHT)["layout"]
    low, high = layout["yaxis"]["domain"]
    beside = [
        layout[f"xaxis{n}"]["domain"][0]
        for n in range(2, 6)
        if layout[f"yaxis{n}"]["domain"][1] > low and layout[f"yaxis{n}"]["domain"][0] < high
    ]
    assert min([1.0, *beside]) - layout["xaxis"]["domain"][1] >= 0.13
