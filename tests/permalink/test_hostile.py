"""Whatever a link says: defaults and a note, in our own words, at a bounded cost, and never an exception."""

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from regdash.config import FIELDS
from regdash.permalink import Explore, Study, View, decode, encode
from regdash.permalink import vocabulary as say
from regdash.permalink.view import default_config

NASTY = (
    "<script>alert(1)</script>", "1e999", "NaN", "nan", "inf", "-inf", "-1", "1_0", " 1", "1 ", "٣", "１", "0x10", "½",
    "\u202e0.5", "\u200b1", "\ud800", "\0", "", "~", "null", "[1]", "{}", "1e5000", "9" * 400, "../../etc/passwd",
    "日本語", "Ωmega", "%00", "{{7*7}}", "'; drop table runs; --", "1,5", "+1", ".5", "1.", "1e", "--1",
)  # fmt: skip
NAMES = (
    "v", "page", "present", "controls", "hide", "lock", "mark", *FIELDS, "scenario", "arms", "view", "epoch", "pin",
    "sweep", "values", "sweep2", "values2", "seeds", "seed_list", "data_seeds", "metric", "along", "baseline", "curves",
    "differences", "lesson", "worksheet", "answer",
)  # fmt: skip
OTHERS = ("scenario", "arms", "view", "epoch", "pin", "present", "controls", "hide", "lock", "mark")
GOOD = dict(pair.split("=") for pair in encode(View()).split("&"))
texts = st.text(max_size=40) | st.sampled_from(NASTY)


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("text", NASTY)
def test_a_setting_that_cannot_be_used_is_at_its_default_and_named(name, text):
    view = decode(GOOD | {name: text})
    assert view == View(page=Explore(config=default_config()))
    (note,) = view.notes
    assert note.startswith(f"{FIELDS[name].label} was ignored: it must be ")


@pytest.mark.parametrize("name", [*OTHERS, "page"])
@pytest.mark.parametrize("text", NASTY)
def test_so_is_all_else(name, text):
    view = decode(GOOD | {name: text})
    assert view == View()
    assert len(view.notes) == 1


@pytest.mark.parametrize("name", [*FIELDS, "scenario", "arms", "view", "page", "v"])
def test_what_is_said_twice_is_not_used(name):
    view = decode(GOOD | {name: [GOOD[name]] * 2})
    assert view == View()
    assert len(view.notes) == 1


@pytest.mark.parametrize(
    "query",
    [
        "x" * 10**6, "v=1&page=explore&width=" + "8" * 10**6, "v=1&" + "&".join(["width=8"] * 10**5), "&" * 10**6,
        {"v": "1", "width": "8" * 10**6}, {"v": "1", "width": ["8"] * 10**6}, {str(n): [] for n in range(10**5)},
        {"v": "1", "a" * 10**6: "8"},
    ],
    ids=["letters", "digits", "names", "ands", "value", "list", "empty lists", "name"],
)  # fmt: skip
def test_a_megabyte_is_not_looked_at(query):
    view = decode(query)
    assert view == View()
    assert len(view.notes) == 1
    assert "longer than any" in view.notes[0]


@pytest.mark.parametrize("version", ["0", "2", "99", "1.0", "01", "v1", "", "-1", "１", "9" * 5000, "1\n", "<b>"])
def test_a_wrong_version_is_not_guessed_at(version):
    view = decode(GOOD | {"v": version, "width": "8"})
    assert view == View()
    assert len(view.notes) == 1
    assert ("newer RegDash" in view.notes[0]) == (version in ("2", "99"))


@pytest.mark.parametrize("query", [None, 1, b"v=1", ["v=1"], {"v": 1}, {"v": [None]}, {1: "v"}, {"v": {"1": "1"}}])
def test_what_is_no_query_at_all(query):
    assert decode(query) == View()
    assert decode(query).notes


def test_no_query_is_the_opening_page_without_a_note():
    assert decode("") == decode("?") == decode({}) == View()
    assert decode("").notes == ()


def test_a_cut_link_says_what_it_lacks():
    whole = encode(View(page=Explore(config=default_config().but(width=8))))
    view = decode(whole.partition("&epochs")[0])
    assert view.page.config == default_config().but(width=8)
    assert view.notes == ("The link is not whole: defaults stand in for Epochs, Seed.",)


def test_what_a_newer_version_added_is_not_passed_over():
    assert decode(encode(View()) + "&colour=red").notes == ("One part of the link is unknown here and was ignored.",)
    assert len(decode(encode(View()) + "&a=1&b=2").notes) == 1
    assert decode(encode(View()) + "&utm_source=mail&embed=true").notes == ()


def study(**changes):
    said = dict(pair.split("=") for pair in encode(View(page=Study())).split("&"))
    return decode({name: text for name, text in {**said, **changes}.items() if text is not None})


@pytest.mark.parametrize(
    "changes",
    [
        {"sweep": "seed"}, {"sweep": "luck"}, {"values": "0.1~0.1"}, {"values": "0.1~2"}, {"values": "0~" * 60 + "1"},
        {"seeds": "0"}, {"seeds": "1001"}, {"seeds": None, "seed_list": "1~1"}, {"seeds": None, "seed_list": "1~x"},
        {"metric": "luck"}, {"data_seeds": "New"}, {"along": "width~0"}, {"along": "dropout~1"}, {"along": "dropout"},
        {"baseline": "4"}, {"curves": "x"}, {"differences": "x"}, {"sweep2": "dropout", "values2": "0.9"},
        {"sweep2": "width"}, {"values2": "8"}, {"sweep": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_study_that_cannot_be_is_the_opening_one_with_a_note(changes):
    view = study(**changes)
    assert view == View(page=Study())
    assert len(view.notes) == 1


def test_a_study_too_large_for_memory_is_refused_with_a_note():
    fractions = "~".join(str(n / 1000) for n in range(50))
    view = study(values=fractions, sweep2="label_noise", values2=fractions, seeds="1000", epochs="1000")
    assert view.page.spec.base == default_config().but(epochs=1000)
    assert view.page.spec.sweep == Study().spec.sweep
    assert any("fits into memory" in note for note in view.notes)


@given(st.dictionaries(st.sampled_from(NAMES) | texts, texts | st.lists(texts, max_size=3), max_size=30))
@settings(max_examples=300)
def test_junk_never_raises_and_is_never_repeated(asked):
    for more in ({}, {"v": "1"}, {"v": "1", "page": "study"}, {"v": "1", "page": "lesson"}):
        view = decode({**asked, **more})
        assert decode(encode(view)) == view
        for note in view.notes:
            assert note.endswith(".")
            assert "<" not in note
            assert "\u202e" not in note
            assert "alert(1)" not in note


@given(st.text(max_size=300))
@settings(max_examples=200)
def test_junk_as_one_text_never_raises(text):
    for query in (text, f"v=1&{text}", f"?v=1&page=study&{text}", text.encode("utf-8", "replace").decode("latin-1")):
        assert isinstance(decode(query), View)


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(NASTY), min_size=1, max_size=8))
@settings(max_examples=100)
def test_junk_in_a_good_link_leaves_the_rest_alone(bad):
    bad.pop("v", None)
    if bad.get("page") is not None:
        return
    view = decode(urlencode({**GOOD, "width": "9", **{k: v.encode("utf-8", "replace") for k, v in bad.items()}}))
    if "width" not in bad:
        assert view.page.config.width == 9
    assert say.VERSION == "1"
