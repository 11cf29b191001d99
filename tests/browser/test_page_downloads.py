"""What a visitor takes home: looked at as files, and the offline page opened where there is no network."""

import csv
import io
from pathlib import Path

from tests.browser.explore import Explore, Pixels, Visit, changed, colours, hues, pixels

# Notes where in an image the figure begins, below the head.
NOTE_TOP = """() => {
  const { drawImage } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.drawImage = function (image, x, y, ...size) {
    if (image instanceof HTMLImageElement) window.figureTop = y;
    return drawImage.call(this, image, x, y, ...size);
  };
}"""


def test_the_png_is_what_is_on_the_screen(looking: Explore) -> None:
    looking.seek(12)
    epoch = looking.epoch
    looking.page.evaluate(NOTE_TOP)
    with looking.page.expect_download() as coming:
        looking.find("button.download").click()
    file = coming.value
    assert file.suggested_filename == f"regdash-parabola-w64-p0.5-wd0-seed7-epoch{epoch:g}.png"
    content = Path(file.path()).read_bytes()
    assert content.startswith(b"\x89PNG")
    image = pixels(content)
    height, width = image.shape[:2]
    size = looking.find(".plot .main-svg").first.bounding_box()
    assert size
    head = looking.page.evaluate("() => window.figureTop")
    assert width == 2 * round(size["width"])
    assert height > 2 * (head + round(size["height"])), "sentence and settings stand above, the key below"
    assert colours(image) > 500
    assert_boundaries_are_those_on_the_screen(looking, image)


def test_the_png_of_boundaries_zoomed_into_shows_what_is_on_the_screen(explore: Explore) -> None:
    explore.page.evaluate(NOTE_TOP)
    whole = [explore.pixels(arm) for arm in (0, 1)]
    explore.zoom("x2y2", (0.1, 0.1), (0.45, 0.45))
    assert all(changed(before, explore.pixels(arm)) > 0.1 for arm, before in enumerate(whole))
    with explore.page.expect_download() as coming:
        explore.find("button.download").click()
    image = pixels(Path(coming.value.path()).read_bytes())
    assert_boundaries_are_those_on_the_screen(explore, image)


def assert_boundaries_are_those_on_the_screen(explore: Explore, image: Pixels) -> None:
    """Each boundary stands where it stands on the screen, in the same colours."""
    size, head = explore.find(".plot .main-svg").first.bounding_box(), explore.page.evaluate("() => window.figureTop")
    assert size
    for arm in (0, 1):
        box = explore.boundary(arm).bounding_box()
        assert box
        left, top = 2 * (box["x"] - size["x"]), 2 * (box["y"] - size["y"] + head)
        panel = image[int(top) : int(top + 2 * box["height"]), int(left) : int(left + 2 * box["width"])]
        seen = hues(explore.pixels(arm))
        for hue, share in hues(panel).items():
            assert abs(share - seen[hue]) < 0.05, f"arm {arm}: {hue} {share} instead of {seen[hue]}"


def test_the_offline_page_plays_without_server_and_network(explore: Explore, visit: Visit, tmp_path: Path) -> None:
    with explore.page.expect_download() as coming:
        explore.button("Picture (offline HTML)").click()
    assert coming.value.suggested_filename.endswith(".html")
    file = tmp_path / "picture.html"
    coming.value.save_as(file)

    alone = visit(None, offline=True)
    alone.page.goto(file.as_uri())
    alone.page.wait_for_selector(".regdash-picture[data-picture]")
    assert alone.page.get_by_role("heading", level=1).inner_text() in explore.sentence.inner_text()
    assert alone.scores() == explore.scores()
    assert alone.surfaces() == explore.surfaces()
    before = [alone.pixels(arm) for arm in (0, 1)]
    assert all(min(hues(image).values()) > 0.03 for image in before)
    alone.play_button.click()  # it stands at the end: from the start
    alone.page.wait_for_function(
        "() => { const at = document.querySelector('.regdash-picture').picture.position; return at > 2 && at < 10; }"
    )
    alone.play_button.click()
    for arm in (0, 1):
        assert changed(before[arm], alone.pixels(arm)) > 0.05


def test_the_curves_come_as_csv_and_the_code_as_a_script(looking: Explore) -> None:
    with looking.page.expect_download() as coming:
        looking.button("Curves (CSV)").click()
    rows = list(csv.DictReader(io.StringIO(Path(coming.value.path()).read_text(encoding="utf-8"))))
    assert {row["arm"] for row in rows} == {"none", "yours"}
    assert len(rows) == 2 * 200
    last = next(row for row in rows if (row["arm"], row["epoch"]) == ("yours", "200"))
    assert looking.scores()[1][1:3] == [
        f"{100 * float(last[column]):.1f} %" for column in ("train_accuracy", "val_accuracy")
    ]
    with looking.page.expect_download() as coming:
        looking.button("Python script").click()
    source = Path(coming.value.path()).read_text(encoding="utf-8")
    compile(source, "script.py", "exec")
    assert "DROPOUT = 0.5" in source
