"""What leaves the screen or is shown in other colours: PNG files, paper, Windows' high contrast."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import numpy as np
import pypdfium2
import pytest
from playwright.sync_api import Locator, Page

from tests.browser.explore import Explore, Pixels, Visit, hues, pixels
from tests.browser.study import Study

STUDY = {"values": [0, 0.5], "seeds": 4, "epochs": 20, "width": 8, "seed": 32}

# Notes what is written into images, and the figures that Plotly is asked for.
NOTE = """() => {
  window.written = [];
  const { fillText } = CanvasRenderingContext2D.prototype;
  CanvasRenderingContext2D.prototype.fillText = function (...words) {
    window.written.push({ text: words[0], right: words[1] + this.measureText(words[0]).width, font: this.font });
    return fillText.apply(this, words);
  };
  window.figures = [];
  for (const name of ["toImage", "downloadImage"]) {
    const made = Plotly[name];
    Plotly[name] = (figure, options) => {
      window.figures.push([figure, options]);
      return made(figure, options);
    };
  }
}"""

# In a legend drawn where the page's own font is missing: words that lie over another entry, or stick out.
CUT = """() => {
  const svg = document.querySelector("svg").getBoundingClientRect();
  const entries = [...document.querySelectorAll(".legend .traces")].map((entry) => ({
    words: entry.querySelector("text").getBoundingClientRect(), text: entry.textContent,
    sign: entry.querySelector(".layers").getBoundingClientRect(),
  }));
  const over = (one, other) => one.right > other.left && other.right > one.left
    && Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top) > 2;
  const clip = document.querySelector(".legend .bg").getBoundingClientRect();
  return entries.filter(({ words }, i) => words.right > svg.right || words.right > clip.right + 1
    || entries.some((other, k) => k !== i && (over(words, other.words) || over(words, other.sign))))
    .map(({ text }) => text);
}"""


def downloaded(page: Page, button: Locator) -> Pixels:
    with page.expect_download() as coming:
        button.click()
    return pixels(Path(coming.value.path()).read_bytes())


def written(page: Page) -> str:
    return " ".join(page.evaluate("() => window.written.map(({ text }) => text)"))


def assert_legend_is_whole(page: Page) -> None:
    """As an image has it: in a document that does not know the page's own font."""
    svg = page.evaluate(
        "async () => { const [figure, options] = window.figures.at(-1);"
        " return Plotly.toImage(figure, { ...options, format: 'svg', scale: 1 }); }"
    )
    with page.context.expect_page() as coming:
        page.evaluate("() => window.open('about:blank')")
    alone = coming.value
    alone.set_content(unquote(svg.split(",", 1)[1]))
    assert alone.locator(".legend .traces").count() > 0
    assert alone.evaluate(CUT) == []
    alone.close()


@pytest.mark.parametrize("width", [1280, 390])
def test_the_pictures_png_stands_alone(visit: Visit, width: int) -> None:
    explore = visit(viewport={"width": width, "height": 900})
    explore.page.evaluate(NOTE)
    explore.seek(explore.last_frame // 2)
    explore.marks("truth").click()
    image = downloaded(explore.page, explore.find("button.download"))
    text = written(explore.page)
    assert explore.sentence.inner_text() in text
    for said in (
        "width 64",
        "dropout 0.5",
        "weight decay 0",
        "flipped labels 0.2",
        "learning rate 0.02",
        "data seed 7",
    ):
        assert said in text
    assert explore.find(".readout").inner_text() in text
    for sign in ("training point", "flipped label", "true boundary", "network's boundary", "class 0", "class 1"):
        assert sign in text
    assert image.shape[1] == 2 * explore.find(".plot").evaluate("(plot) => plot._fullLayout.width")
    right = explore.page.evaluate("() => Math.max(...window.written.map(({ right }) => right))")
    assert right <= image.shape[1] / 2
    assert_legend_is_whole(explore.page)


def test_marks_that_are_hidden_are_not_in_the_png_nor_in_its_key(explore: Explore) -> None:
    explore.page.evaluate(NOTE)
    explore.marks("val").click()
    explore.page.wait_for_function(
        "() => document.querySelector('.regdash-picture .plot')._fullData"
        ".find(({ uid }) => uid === 'val-yours').visible === false"
    )
    downloaded(explore.page, explore.find("button.download"))
    assert "validation point" not in written(explore.page)
    assert "training point" in written(explore.page)


def test_a_charts_png_stands_alone(visit: Visit) -> None:
    study = Study(visit(None)).open(**STUDY).run()
    study.page.evaluate(NOTE)
    for name in ("strength", "curves"):
        study.page.evaluate("() => { window.written = []; }")
        image = downloaded(study.page, study.chart(name).locator(".download"))
        text = written(study.page)
        assert study.chart(name).locator(".title").inner_text() in text
        assert study.chart(name).locator("figcaption").inner_text() in text
        for said in ("Dropout 0, 0.5", "width 8", "4 seeds, new data for each"):
            assert said in text
        assert len(np.unique(image.reshape(-1, 3), axis=0)) > 50
    assert_legend_is_whole(study.page)


# Paper


def on_paper(page: Page, *, backgrounds: bool = False) -> pypdfium2.PdfDocument:
    """The page as a PDF on A4."""
    return pypdfium2.PdfDocument(page.pdf(format="A4", print_background=backgrounds))


def words(document: pypdfium2.PdfDocument, number: int) -> str:
    """All that is written on a sheet, without spaces."""
    return "".join(document[number].get_textpage().get_text_range().split())


def sheet_with(document: pypdfium2.PdfDocument, text: str) -> int:
    wanted = "".join(text.split())
    found = [number for number in range(len(document)) if wanted in words(document, number)]
    assert len(found) == 1, f"{text!r} is on sheets {found}"
    return found[0]


def ends(document: pypdfium2.PdfDocument, text: str) -> list[float]:
    """Where each place of a text ends, as shares of the sheet's width. Spaces are gaps on paper, not always letters."""
    wanted, found = "".join(text.split()), []
    for sheet in document:
        page = sheet.get_textpage()
        letters = [(index, page.get_text_range(index, 1)) for index in range(page.count_chars())]
        written = [(index, letter) for index, letter in letters if letter.strip()]
        run = "".join(letter for _, letter in written)
        last = [written[match.end() - 1][0] for match in re.finditer(re.escape(wanted), run)]
        found += [page.get_charbox(index)[2] / sheet.get_width() for index in last]
    assert found, f"{text!r} is on no sheet"
    return found


def seen(document: pypdfium2.PdfDocument, number: int) -> Pixels:
    stream = io.BytesIO()
    document[number].render(scale=2).to_pil().save(stream, "png")
    return pixels(stream.getvalue())


@pytest.mark.parametrize("width", [1366, 1920])
def test_the_whole_picture_is_on_the_paper(visit: Visit, width: int) -> None:
    explore = visit(viewport={"width": width, "height": 900})
    document = on_paper(explore.page)
    for text in (
        "No regularization: validation",
        "Perfect boundary: train",
        "Fresh data, last epoch",
        "learning rate 0.02",
    ):
        assert max(ends(document, text)) < 0.99, text
    sheet = seen(document, sheet_with(document, "Perfect boundary: train"))
    columns = sheet[:, int(0.62 * sheet.shape[1]) :]  # where "Your settings" are
    assert min(hues(columns).values()) > 0.01
    explore.wait_until_idle()
    explore.page.wait_for_function(
        "() => { const { plot, root } = document.querySelector('.regdash-picture').picture;"
        " return plot._fullLayout.width === root.clientWidth; }"
    )
    assert explore.surfaces()[1] != explore.surfaces()[0]


def test_no_chart_is_split_between_two_sheets(visit: Visit) -> None:
    study = Study(visit(None, viewport={"width": 1920, "height": 1080})).open(**STUDY).run()
    document = on_paper(study.page)
    for chart in study.page.locator(".regdash-chart").all():
        title, caption = chart.locator(".title").inner_text(), chart.locator("figcaption").inner_text()
        assert sheet_with(document, title) == sheet_with(document, caption), title
    assert max(ends(document, "Line: median; band: middle half of 4 seeds.")) < 0.99


def test_a_dark_page_prints_light(visit: Visit) -> None:
    explore = visit(color_scheme="dark")
    document = on_paper(explore.page, backgrounds=True)
    for number in range(len(document)):
        sheet = seen(document, number).mean(axis=2)
        assert np.median(sheet) > 200
        assert np.sum(sheet < 100) > 3 * len(words(document, number)), "dark words"
    panels = [min(hues(seen(document, number)).values()) for number in range(len(document))]
    assert max(panels) > 0.01, "blue stays blue, and orange stays orange"


# High contrast


@pytest.fixture(params=["light", "dark"])
def contrast(request: pytest.FixtureRequest, visit: Visit) -> Explore:
    return visit(forced_colors="active", color_scheme=request.param)


def test_high_contrast_leaves_the_classes_apart(contrast: Explore) -> None:
    look: Callable[[str], Any] = lambda name: contrast.find(f".key .{name}").evaluate(  # noqa: E731
        "(path) => { const { fill, stroke } = getComputedStyle(path); return [fill, stroke]; }"
    )
    zero, one = look("class0"), look("class1")
    assert zero[0] == zero[1], "filled"
    assert one[0] == "none", "hollow"
    assert zero[1] != one[1]
    key = pixels(contrast.find(".key").screenshot())
    assert min(hues(key).values()) > 0.002, "both colours are on the screen, the ramp's too"
    ramp = pixels(contrast.find(".key .ramp").screenshot())
    assert min(hues(ramp).values()) > 0.2


def test_high_contrast_shows_what_is_chosen_and_where_sliders_stand(contrast: Explore) -> None:
    outlines = [
        contrast.pill(name).evaluate("(pill) => getComputedStyle(pill).outlineStyle")
        for name in ("Your settings", "Dropout only")
    ]
    assert outlines == ["solid", "none"]
    for name in ("width", "dropout"):
        slider = pixels(contrast.page.locator(f".st-key-{name} [role=group]").screenshot()).mean(axis=2)
        assert slider.max() - slider.min() > 150, "track and thumb stand out"
