"""The Study page's wiring, through Streamlit's own test runner: links, settings, runs, and every state of a study."""

import base64
import json
import random
import re
import string
import time

import numpy as np
import pytest
from scipy import stats

from regdash import ClusterUnreachable, train
from regdash.serving.studies import StudyQueue
from regdash.study import StudySpec, export, run_study
from regdash.study.stats.narrowing import narrowing
from regdash.teaching.studies import STUDIES
from regdash.ui.study import job, keys, page, settings, takeaway, view
from tests.ui.study.visits import PATIENCE, SMALL, SMALL_BASE, Held, charts, finished, opened, press, text


@pytest.fixture(autouse=True)
def queue(monkeypatch):
    """A queue of this test's own, so that nothing is kept from another one."""
    with StudyQueue() as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        yield one


# What only a finished study may say. ("Better lies to the right" says it of no value.)
VERDICTS = re.compile(r"\b(?:better|worse|no difference|as good|the best mean)\b")


def trace(app, uid):
    (found,) = (trace for chart in charts(app) for trace in chart["data"] if trace["uid"] == uid)
    return found


def numbers(array):
    values = np.frombuffer(base64.b64decode(array["bdata"]), dtype=np.dtype(array["dtype"]))
    return values.reshape([int(n) for n in array["shape"].split(",")]) if "shape" in array else values


def spec_of(app):
    """What the controls describe."""
    return app.session_state[job.CURRENT].spec


def test_a_link_opens_with_words_and_without_numbers():
    app = opened(seeds="20")
    assert not app.exception
    assert "One run is luck" in text(app)
    assert "Nothing has been run yet" in text(app)
    assert "**80 runs**" in text(app)
    assert charts(app) == []
    assert app.select_slider(key="width").disabled is False
    assert app.slider(key="dropout").disabled is True
    assert "swept in this study" in app.slider(key="dropout").label


def test_a_study_runs_to_its_end_and_shows_the_runs_that_train_gives():
    app = press(opened(**SMALL, values=["0", "0.5"]), "Run study")
    finished(app)
    assert not app.exception
    spec = StudySpec(base=SMALL_BASE.but(dropout=0.0), sweep={"dropout": [0.0, 0.5]}, seeds=3)
    assert spec_of(app) == spec
    assert "Finished: 6 runs (2 values × 3 seeds)" in text(app)
    assert len(charts(app)) == 3
    expected = [[train(spec.config(cell, i)).test_accuracy for i in range(3)] for cell in range(2)]
    np.testing.assert_allclose(numbers(trace(app, "seeds")["y"]).reshape(2, 3), expected, atol=1e-6)
    np.testing.assert_allclose(numbers(trace(app, "means")["y"]), np.mean(expected, axis=1), atol=1e-6)


def test_two_settings_give_a_heat_map_of_means():
    app = opened(**SMALL, values=["0", "0.5"], sweep2="Width", values2=["2", "4", "8"])
    finished(press(app, "Run study"))
    assert len(charts(app)) == 4
    heat = trace(app, "heat")
    spec = spec_of(app)
    assert spec.fields == ("dropout", "width")
    means = [[np.mean([train(spec.config(3 * i + j, s)).test_accuracy for s in range(3)]) for j in range(3)]
             for i in range(2)]  # fmt: skip
    np.testing.assert_allclose(numbers(heat["z"]), means, atol=1e-6)
    assert app.selectbox(key="study_slice").options[0] == "Dropout, at width 2"
    alts = [chart["alt"] for chart in charts(app)]
    assert sum("width 8" in alt for alt in alts) == 1, "the heat map alone shows all cells"
    assert sum("width 2" in alt for alt in alts) == 4
    app.selectbox(key="study_slice").select("Width, at dropout 0.5").run()
    assert "Width, at dropout 0.5" in {chart["title"].split(": ")[-1] for chart in charts(app)}
    assert not app.exception


def test_curves_too_long_for_csv_are_offered_as_parquet_only(monkeypatch):
    app = finished(press(opened(**SMALL, values=["0", "0.5"]), "Run study"))
    assert not any(button.proto.disabled for button in app.get("download_button"))
    monkeypatch.setattr(export, "MAX_CSV_ROWS", 29)
    app.run()
    disabled = [button.proto for button in app.get("download_button") if button.proto.disabled]
    assert [button.label for button in disabled] == ["Curves (CSV)"]
    assert "30 rows" in disabled[0].help
    assert "Take Parquet" in disabled[0].help


def test_the_table_of_runs_ends_where_a_browser_would_be_slow(monkeypatch):
    app = finished(press(opened(**SMALL, values=["0", "0.5"]), "Run study"))
    app.session_state["study_table"] = True
    app.run()
    assert [len(table.value) for table in app.dataframe] == [2, 6]
    monkeypatch.setattr(takeaway, "MOST_ROWS", 4)
    app.session_state["study_table"] = True
    app.run()
    assert [len(table.value) for table in app.dataframe] == [2, 4]
    assert "The first 4 of 6 runs" in text(app)


def test_kinds_of_data_are_judged_each_for_itself():
    app = opened(**SMALL, sweep="Weight decay", values=["0", "0.1"], sweep2="Flipped labels", values2=["0", "0.2"])
    finished(press(app, "Run study"))
    assert not app.exception
    said = next(element.value for element in app.markdown if element.value.startswith("## Weight decay 0 is shown"))
    assert "of 2 values of flipped labels." in said.splitlines()[0]
    assert said.count("\n- With a flipped share of 0") == 2
    (heat,) = (chart for chart in charts(app) if any(trace["uid"] == "heat" for trace in chart["data"]))
    assert trace(app, "stars")["marker"]["symbol"].count("star") == 2
    assert "at each value of flipped labels" in heat["caption"]


def test_a_link_holds_the_whole_study():
    app = opened(
        **SMALL | {"seeds": "4", "width": "16"}, sweep="Weight decay", values=["0", "0.003", "0.1"], sweep2="Data set",
        values2=["moons", "xor"], data_seeds="The same data for all seeds", metric="Validation loss", dropout="0.2",
    )  # fmt: skip
    assert not app.exception
    assert not app.info
    finished(press(app, "Run study"))
    base = SMALL_BASE.but(width=16, dropout=0.2, weight_decay=0.0, dataset="moons")
    sweep = {"weight_decay": [0.0, 0.003, 0.1], "dataset": ["moons", "xor"]}
    assert spec_of(app) == StudySpec(base=base, sweep=sweep, seeds=4, data_seeds="fixed")
    assert any("Validation loss" in chart["title"] for chart in charts(app))


@pytest.mark.parametrize("key", STUDIES)
def test_a_ready_made_study_sets_every_control(key):
    app = opened()
    app.button_group(key=settings.READY).set_value(STUDIES[key].label).run()
    assert not app.exception
    spec = settings.normalised(STUDIES[key].spec)
    assert f"**{spec.n_runs:,} runs**" in text(app)
    assert STUDIES[key].lesson in text(app)  # shown only if the controls describe exactly this study


@pytest.mark.parametrize(
    ("query", "blamed"),
    [
        ({"sweep": "abc"}, "Vary"),
        ({"sweep": "Seed"}, "Vary"),
        ({"sweep2": "Dropout"}, "And vary"),
        ({"values": "2"}, "Values"),
        ({"values": ["0", "0"]}, "Values"),
        ({"values": ["0", "0.0"]}, "Values"),
        ({"values": ["0.3", "0.3000000000001"]}, "Values"),
        ({"values": [str(i / 1000) for i in range(51)]}, "Values"),
        ({"values": "nan"}, "Values"),
        ({"values": ""}, "Values"),
        ({"values2": "0.5"}, "Values"),
        ({"seeds": "0"}, "Seeds"),
        ({"seeds": "1e999"}, "Seeds"),
        ({"seeds": "1000000000"}, "Seeds"),
        ({"seeds": "abc"}, "Seeds"),
        ({"data_seeds": "none"}, "Data"),
        ({"metric": "<script>alert(1)</script>"}, "Judged by"),
    ],
)
def test_a_hostile_link_gives_a_note_and_the_defaults(query, blamed):
    app = opened(**query)
    assert not app.exception
    assert blamed in app.info[0].value
    assert "script" not in app.info[0].value
    assert "**80 runs**" in text(app)


@pytest.mark.slow
def test_a_hundred_junk_links_open_without_an_exception():
    rng = random.Random(7)
    names = [keys.SWEEP, keys.VALUES, keys.SWEEP_2, keys.VALUES_2, keys.SEEDS,
             keys.DATA_SEEDS, keys.METRIC, "dropout", "width"]  # fmt: skip
    words = [*keys.SWEPT, keys.NOTHING, "0", "0.5", "64", "-1", "1e999", "nan", ""]
    for _ in range(100):
        junk = {
            rng.choice(names): [
                rng.choice([*words, "".join(rng.choices(string.printable + "λ\u202e\x00", k=5))])
                for _ in range(rng.randrange(1, 4))
            ]
            for _ in range(rng.randrange(1, 6))
        }
        app = opened(**junk)
        assert not app.exception, junk
        assert any(button.label == "Run study" for button in app.button), junk


@pytest.mark.parametrize(
    ("values", "said"),
    [([], "choose at least one"), (["0", "1.5"], "from 0 to 0.95"), (["0", "lots"], "from 0 to 0.95"),
     (["0.5", "0.50"], "no value may occur twice")],
)  # fmt: skip
def test_values_that_cannot_be_used_are_named_before_anything_runs(values, said):
    app = opened()
    app.multiselect(key="values").set_value(values).run()
    assert not app.exception
    assert said in text(app)
    assert next(button for button in app.button if button.label == "Run study").disabled


def test_both_settings_the_same_is_said():
    app = opened()
    app.selectbox(key="sweep2").select("Dropout").run()
    assert not app.exception
    assert "are the same" in text(app)


def test_a_study_that_is_too_large_is_refused_with_its_size():
    app = opened(width="256", epochs="1000", seeds="1000")
    assert not app.exception
    assert "4,000 runs" in text(app)
    assert "limit" in text(app)
    assert next(button for button in app.button if button.label == "Run study").disabled


def test_another_setting_brings_values_of_its_own():
    app = opened()
    app.selectbox(key="sweep").select("Width").run()
    assert app.multiselect(key="values").value == keys.default_values("width")
    app.multiselect(key="values").set_value(["2", "5"]).run()
    assert "**40 runs**" in text(app)
    assert not app.exception


@pytest.fixture
def held(monkeypatch):
    runner = Held()
    with StudyQueue(runner=runner) as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        yield runner
        runner.go.set()


def running(**query):
    """A page whose study runs and has shown a part of its results."""
    app = press(opened(**SMALL | query), "Run study")
    latest = time.monotonic() + PATIENCE
    while app.session_state[job.CURRENT].result is None or not charts(app):
        assert time.monotonic() < latest
        time.sleep(0.02)
        app.run()
    return app


def test_while_it_runs_there_are_partial_results_without_a_verdict(held):
    app = running(seeds="9", values=["0", "0.5"])
    assert "So far, with 16 of 18 runs" in text(app)
    assert {button.label for button in app.button} >= {"Cancel"}
    shown = charts(app)
    assert {"title", "caption", "data", "alt"} <= set(shown[0])
    for chart in shown:
        assert not VERDICTS.search(json.dumps(chart, ensure_ascii=False)), chart["title"]
    assert any("so far ahead" in chart["caption"] for chart in shown)
    held.go.set()
    finished(app)
    assert "So far" not in text(app)


def test_the_words_of_a_verdict_are_found_where_there_is_one(monkeypatch):
    """The search of the test above finds something in the charts of a finished study like that one."""

    def apart(spec, **_):
        result = run_study(spec)
        cells, seeds = result.fresh_accuracy.shape
        noise = 0.001 * np.random.default_rng(1).random((cells, seeds))
        result.fresh_accuracy[:] = 0.5 + 0.1 * np.arange(cells)[:, None] + noise
        return result

    with StudyQueue(runner=apart) as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        app = finished(press(opened(**SMALL | {"seeds": "9"}, values=["0", "0.5"]), "Run study"))
        found = [VERDICTS.findall(json.dumps(chart)) for chart in charts(app)]
    assert {word for words in found for word in words} >= {"better", "worse", "the best mean"}


def test_differences_are_shown_as_pairs_are_added_where_that_is_chosen(monkeypatch):
    """In the place of the other chart, of the same runs; while it is not on show it costs nothing."""
    asked = []
    monkeypatch.setattr(view, "narrowing", lambda *args: asked.append(args) or narrowing(*args))
    app = finished(press(opened(**SMALL | {"seeds": "8"}, values=["0", "0.3", "0.5"]), "Run study"))
    before = [chart["title"] for chart in charts(app)]
    assert asked == []
    app.selectbox(key="study_differences").select("As pairs are added").run()
    assert not app.exception
    after = charts(app)
    assert [chart["title"] for chart in after][:2] == before[:2]
    assert before[2] == "Accuracy on fresh data: difference from dropout 0, seed by seed"
    assert after[2]["title"] == "Accuracy on fresh data: difference from dropout 0, as pairs are added"
    assert len(after) == 3
    result = app.session_state[job.CURRENT].result
    for cell in (1, 2):
        pairs = 100 * (result.fresh_accuracy[cell].astype(float) - result.fresh_accuracy[0])
        found = {trace["uid"]: trace for trace in after[2]["data"]}
        line = found[f"line-{cell}"]
        np.testing.assert_array_equal(numbers(line["x"]), range(3, 9))
        np.testing.assert_allclose(numbers(line["y"]), [pairs[:n].mean() for n in range(3, 9)], atol=1e-4)
        interval = stats.ttest_1samp(pairs, 0).confidence_interval(0.95)
        band = [numbers(found[f"{end}-{cell}"]["y"])[-1] for end in ("low", "high")]
        np.testing.assert_allclose(band, interval, atol=1e-4)
    assert "as pairs of runs are added" in after[2]["alt"]
    assert len(asked) == 2
    app.run()
    assert len(asked) == 2, "of an unchanged view it is not computed again"


def test_while_it_runs_intervals_as_pairs_are_added_have_no_verdict_either(held):
    app = running(seeds="9", values=["0", "0.5"])
    app.selectbox(key="study_differences").select("As pairs are added").run()
    (chart,) = (chart for chart in charts(app) if "as pairs are added" in chart["title"])
    assert not VERDICTS.search(json.dumps(chart, ensure_ascii=False))
    assert "not finished" in chart["alt"]
    assert len(numbers(next(trace for trace in chart["data"] if trace["uid"] == "line-1")["x"])) > 0
    assert "whisker" not in chart["caption"]
    held.go.set()
    finished(app)


def test_cancel_stops_the_training_and_keeps_what_is_there(held):
    app = press(running(), "Cancel")
    assert held.stopped.wait(PATIENCE)
    assert not app.exception
    assert "Cancelled. 8 of 12 runs are there. What is below is incomplete." in text(app)
    assert len(charts(app)) == 3
    held.go.set()
    finished(press(app, "Go on"))
    assert "Finished" in text(app)


def test_a_changed_setting_stops_the_training(held):
    app = running()
    app.select_slider(key="width").set_value(16).run()
    assert held.stopped.wait(PATIENCE)
    app.run()
    assert "a setting was changed" in text(app)
    assert "Below is still the study from before" in text(app)
    assert not next(button for button in app.button if button.label == "Run study").disabled
    app.selectbox(key="metric").select("Train accuracy").run()
    assert not app.exception


def test_another_way_to_look_at_it_does_not_stop_it(held):
    app = running()
    app.selectbox(key="metric").select("Train accuracy").run()
    app.selectbox(key="study_curve").select("Train accuracy").run()
    held.go.set()
    finished(app)


def test_leaving_the_page_stops_the_training(held):
    app = running()
    app.session_state[job.CURRENT].leave(job.LEFT_PAGE)
    assert held.stopped.wait(PATIENCE)
    app.run()
    assert "you left the page" in text(app)


def test_a_failed_study_says_so_without_a_traceback_and_can_be_tried_again(held):
    held.error = ZeroDivisionError("secret detail")
    held.go.set()
    app = finished(press(opened(**SMALL), "Run study"), "failed")
    assert not app.exception
    assert "Something went wrong" in text(app)
    assert "secret" not in text(app)
    held.error = None
    finished(press(app, "Try again"))


def test_without_its_cluster_the_page_offers_this_machine(monkeypatch):
    def unreachable():
        raise ClusterUnreachable("No Dask scheduler answers at tcp://nowhere:1.")

    with StudyQueue(executor_factory=unreachable) as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        app = finished(press(opened(**SMALL), "Run study"), "failed")
        assert "No Dask scheduler answers at tcp://nowhere:1." in app.error[0].value
        finished(press(app, "Run on this machine instead"))
        assert "Finished" in text(app)


def test_a_place_in_the_queue_is_shown(held):
    first = running()
    second = press(opened(**SMALL | {"width": "4"}), "Run study")
    second.run()
    assert "The next one to start" in "".join(bar.proto.text for bar in second.get("progress"))
    press(second, "Cancel")
    held.go.set()
    finished(first)


def test_more_seeds_count_as_another_look_and_train_only_the_new_ones():
    app = finished(press(opened(**SMALL, values=["0", "0.5"]), "Run study"))
    before = app.session_state[job.CURRENT]
    finished(press(app, "Add 20 seeds"))
    after = app.session_state[job.CURRENT]
    assert app.number_input(key="seeds").value == 23
    assert (after.spec.n_seeds, after.look.number) == (23, before.look.number + 1)
    np.testing.assert_array_equal(after.result.curves[:, :3], before.result.curves)


def looks(app):
    return app.session_state[job.CURRENT].look.number


@pytest.mark.slow
def test_looks_are_not_forgotten_by_changing_a_setting_and_back():
    app = finished(press(opened(**SMALL, values=["0", "0.5"]), "Run study"))
    assert looks(app) == 1
    finished(press(app, "Add 20 seeds"))
    assert looks(app) == 2
    app.select_slider(key="width").set_value(4).run()
    finished(app)
    assert looks(app) == 2, "another study, but with 23 seeds: it may have been looked at before"
    app.select_slider(key="width").set_value(8).run()
    assert (looks(app), spec_of(app).n_seeds) == (2, 23)
    finished(press(app, "Add 20 seeds"))
    assert looks(app) == 3
    app.number_input(key="seeds").set_value(50).run()
    finished(app)
    assert looks(app) == 4, "so many seeds were never looked at: another chance for luck"
    app.number_input(key="seeds").set_value(43).run()
    assert looks(app) == 3, "these were"


@pytest.mark.slow
def test_looks_are_not_forgotten_by_a_reload_or_in_another_tab():
    app = finished(press(opened(**SMALL, values=["0", "0.5"]), "Run study"))
    finished(press(finished(press(app, "Add 20 seeds")), "Add 20 seeds"))
    assert looks(app) == 3
    again = opened(**SMALL | {"seeds": "43"}, values=["0", "0.5"])
    assert "Finished" in text(again)
    assert looks(again) == 3


def test_the_help_says_what_the_verdicts_do_not_count():
    said = " ".join(text(opened()).split())
    assert (
        "Not counted are another value to compare with, another number to judge by, other settings, a new tab" in said
    )


def test_a_study_that_somebody_ran_before_is_shown_at_once():
    finished(press(opened(**SMALL), "Run study"))
    app = opened(**SMALL)
    assert "Finished" in text(app)
    assert len(charts(app)) == 3


def test_one_value_of_one_seed_is_a_study_too():
    app = finished(press(opened(**SMALL | {"seeds": "1"}, values="0.5"), "Run study"))
    assert not app.exception
    assert len(charts(app)) == 2


def test_where_nothing_is_flipped_nothing_memorised_is_drawn_and_no_seeds_are_offered():
    app = opened(**SMALL, label_noise="0.0", metric="Flipped labels memorised")
    finished(press(app, "Run study"))
    assert not app.exception
    assert "is not defined in this study" in text(app)
    assert [chart["title"] for chart in charts(app)] == ["Validation accuracy by epoch: Dropout"]
    assert "Add 20 seeds" not in [button.label for button in app.button]


def test_a_part_of_a_study_without_a_value_says_so_and_draws_nothing_of_it():
    app = opened(
        **SMALL, values=["0", "0.5"], sweep2="Flipped labels", values2=["0", "0.2"], metric="Flipped labels memorised"
    )
    finished(press(app, "Run study"))
    assert "has no value here (Dropout, at flipped labels 0)" in text(app)
    assert len(charts(app)) == 2, "the heat map and the curves"
    app.selectbox(key="study_slice").select("Dropout, at flipped labels 0.2").run()
    assert "has no value here" not in text(app)
    assert len(charts(app)) == 4


def test_data_sets_are_not_called_better_than_others():
    app = finished(press(opened(**SMALL, sweep="Data set", values=["moons", "xor"]), "Run study"))
    assert not app.exception
    assert not re.search(
        r"\b(?:best|better|beats|worse)\b",
        text(app).split("How to read")[0].split("- **")[0].replace("No data are better than others", ""),
    )
    shown = json.dumps(charts(app), ensure_ascii=False)
    assert not re.search(r"\b(?:best|better|beats|worse)\b", shown)
    assert "Accuracy on fresh data goes from" in text(app)


def test_one_of_a_kind_is_said_in_the_singular():
    app = finished(press(opened(**SMALL | {"seeds": "1"}, values=["0", "0.5"]), "Run study"))
    assert "Finished: 2 runs (2 values × 1 seed)." in text(app)
    app = finished(press(opened(**SMALL | {"seeds": "1"}, values=["0"]), "Run study"))
    assert "Finished: 1 run (1 value × 1 seed)." in text(app)


def test_no_interval_goes_beyond_what_there_can_be():
    app = opened(**SMALL | {"seeds": "2", "width": "2", "epochs": "20"}, values=["0", "0.5"], metric="Train accuracy")
    finished(press(app, "Run study"))
    result = app.session_state[job.CURRENT].result
    result.curves[:, 0], result.curves[:, 1] = 0.7, 1.0
    app.session_state["study_drawn"] = None
    app.session_state["study_table"] = True
    result.__dict__.pop("_metrics", None)
    app.run()
    (table, _) = (element.value for element in app.dataframe)
    assert list(table["high"]) == [1.0, 1.0]
    means = trace(app, "means")
    up, down = (numbers(means["error_y"][side]) for side in ("array", "arrayminus"))
    np.testing.assert_allclose(numbers(means["y"]) + up, 1.0)
    np.testing.assert_allclose(numbers(means["y"]) - down, 0.0, atol=1e-9)


def test_gaps_are_in_points_as_on_the_explore_page():
    app = finished(press(opened(**SMALL, values=["0", "0.5"], metric="Generalization gap"), "Run study"))
    result = app.session_state[job.CURRENT].result
    mean = np.mean(result.values("gap"), axis=1)
    np.testing.assert_allclose(numbers(trace(app, "means")["y"]), 100 * mean, atol=1e-4)
    strength = next(chart for chart in charts(app) if "by dropout" in chart["title"])
    assert strength["wide"]["layout"]["yaxis"]["title"]["text"] == "Generalization gap (points)"
    assert "%" not in strength["caption"].replace("95 % interval", "")
    assert "points" in text(app).split("How to read")[0]


def test_the_box_of_values_offers_nothing_that_enter_could_take_for_what_was_typed():
    app = opened(sweep="Epochs")
    app.multiselect(key="values").set_value(["20", "5"]).run()
    assert set(app.multiselect(key="values").options) == {"20", "5"}
    app.multiselect(key="values").set_value(["20", "5", "30"]).run()
    assert dict(spec_of(app).sweep)["epochs"] == (5, 20, 30)


def test_the_list_adds_what_the_box_does_not_offer():
    app = opened()
    (menu, disabled) = app.get("menu_button")
    assert "0.4" in menu.proto.options
    assert not set(menu.proto.options) & {"0", "0.3", "0.5", "0.7"}
    assert disabled.proto.disabled


def test_settings_fold_when_there_is_something_to_see_and_stay_as_the_visitor_leaves_them():
    app = opened(**SMALL, values=["0", "0.5"])
    assert app.session_state[settings.OPEN] is True
    finished(press(app, "Run study"))
    assert app.session_state[settings.OPEN] is False
    assert app.expander[0].label == "Dropout 0, 0.5 · 3 seeds · new data for every seed"
    app.session_state[settings.OPEN] = True
    app.selectbox(key="metric").select("Train accuracy").run()
    assert app.session_state[settings.OPEN] is True
    assert opened(**SMALL, values=["0", "0.5"]).session_state[settings.OPEN] is False, "a link to a kept result"


def test_diverged_runs_are_counted_on_screen():
    app = opened(**SMALL, sweep="Learning rate", values=["0.02", "1"])
    finished(press(app, "Run study"))
    result = app.session_state[job.CURRENT].result
    result.diverged[1, 0], result.curves[1, 0], result.fresh_accuracy[1, 0] = True, np.nan, np.nan
    result.__dict__.pop("_metrics", None)
    app.session_state["study_drawn"] = None
    app.run()
    assert "1 of 6 runs diverged" in text(app)
    assert not app.exception


def test_where_the_queue_is_full_the_page_asks_again_by_itself(monkeypatch):
    runner = Held()
    with StudyQueue(runner=runner, max_running=1, max_waiting=1) as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        first, second = (StudySpec(base=SMALL_BASE.but(seed=s), sweep={"dropout": [0, 0.5]}, seeds=3) for s in (1, 2))
        running = one.submit(first)
        watches = [running.watch(PATIENCE)]
        latest = time.monotonic() + PATIENCE
        while running.state == "waiting" and time.monotonic() < latest:
            time.sleep(0.01)
        watches.append(one.submit(second).watch(PATIENCE))
        app = press(opened(**SMALL), "Run study")
        assert "asks again by itself" in app.info[0].value
        assert not app.error
        asked = []
        monkeypatch.setattr(page.st, "rerun", lambda: asked.append(page.status.wished()))
        page._ask_again(time.monotonic(), local=False)
        assert asked == [], "the page itself has just asked"
        page._ask_again(time.monotonic() - page.AGAIN, local=False)
        assert asked == [{"local": False}]
        monkeypatch.undo()
        monkeypatch.setattr(job, "queue", lambda: one)
        watches[1].leave()  # one who waited has left
        app.session_state["study_start"] = {"local": False}
        app.run()
        assert not app.info
        assert one.n_wanted == 2
        runner.go.set()


def test_who_does_not_want_to_wait_for_room_need_not(monkeypatch):
    with StudyQueue(runner=Held(), max_running=1, max_waiting=0) as one:
        monkeypatch.setattr(job, "queue", lambda: one)
        app = press(press(opened(**SMALL), "Run study"), "Do not wait")
        assert not app.info
        assert one.n_wanted == 0


def test_at_first_all_is_compared_with_the_sidebars_own_value():
    app = finished(press(opened(**SMALL, sweep="Width", values=["2", "4", "8"]), "Run study"))
    assert app.selectbox(key="study_baseline").value == "Width 8"
