"""The QR code: an independent reader reads it, also as small and blurred as a phone at the back of a room sees it."""

import io
import re

import numpy as np
import pytest
import zxingcpp
from PIL import Image, ImageFilter

from regdash import StudySpec
from regdash.permalink import Explore, Lesson, Study, View, encode
from regdash.teaching.scenarios import NOISY
from regdash.ui.common.qr import svg as code

MARK = "b35f7a~15a44b6cb530~2.13.0~x86_64"
LINKS = [
    "http://192.168.178.20:8501/?" + encode(View(page=Explore(config=NOISY), mark=MARK)),
    "http://192.168.178.20:8501/?" + encode(View(page=Explore(config=NOISY), lock=("width", "seed"), mark=MARK)),
    "http://192.168.178.20:8501/study?"
    + encode(View(page=Study(spec=StudySpec(base=NOISY, sweep={"dropout": [0.0, 0.3, 0.5, 0.7]})), mark=MARK)),
    "http://192.168.178.20:8501/lessons?" + encode(View(page=Lesson(key="demo-3"))),
]
HEIGHT = 1080  # pixels of the screen, which is 1.125 m high if it is 2 m wide
PHONE = 10.6 / 1920  # metres a pixel of a phone's video covers at 8 m: 67 degrees wide, 1920 pixels
SEEN = round(1.125 / PHONE)  # so many pixels high is the code for the phone


def drawn(text, height):
    """The code as an image of so many pixels, from the SVG's own path: rows of "m x y h length" steps."""
    svg = code(text)
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', svg)[1])
    image = np.full((side, side), 255, dtype=np.uint8)
    path = re.search(r'stroke="#000" d="([^"]+)"', svg)[1]
    x = y = 0.0
    for kind, numbers in re.findall(r"([Mmh])([^Mmh]+)", path):
        values = [float(number) for number in re.findall(r"-?[\d.]+", numbers)]
        if kind == "h":
            image[int(y), int(x) : int(x + values[0])] = 0
            x += values[0]
        elif kind == "m":
            x, y = x + values[0], y + values[1]
        else:
            x, y = values
    return Image.fromarray(image).resize((height, height), Image.Resampling.NEAREST)


def read(image):
    found = zxingcpp.read_barcodes(np.asarray(image))
    return [each.text for each in found]


@pytest.mark.parametrize("link", LINKS, ids=["explore", "locked", "study", "lesson"])
def test_the_code_says_the_link(link):
    assert read(drawn(link, HEIGHT)) == [link]


@pytest.mark.parametrize("link", [LINKS[0], LINKS[3]], ids=["explore", "lesson"])
def test_it_is_read_from_eight_metres(link):
    """As a phone sees it from there: few pixels, edges smeared, little contrast, and noise."""
    seen = drawn(link, HEIGHT).resize((SEEN, SEEN), Image.Resampling.BOX).filter(ImageFilter.GaussianBlur(0.5))
    noise = np.random.default_rng(1).normal(0, 6, (SEEN, SEEN))
    photo = np.clip(60 + 0.6 * np.asarray(seen, dtype=float) + noise, 0, 255).astype(np.uint8)
    framed = np.full((SEEN + 200, SEEN + 200), 40, dtype=np.uint8)
    framed[100:-100, 100:-100] = photo
    buffer = io.BytesIO()
    Image.fromarray(framed).save(buffer, "JPEG", quality=85)
    assert read(Image.open(buffer)) == [link]


def test_it_is_white_with_a_quiet_zone_of_four_modules():
    image = np.asarray(drawn(LINKS[0], 73))
    svg = code(LINKS[0])
    side = int(re.search(r'viewBox="0 0 (\d+) ', svg)[1])
    assert 'fill="#fff"' in svg
    assert side - 8 in (61, 65)
    module = 73 / side
    quiet = int(4 * module)
    for edge in (image[:quiet], image[-quiet:], image[:, :quiet], image[:, -quiet:]):
        assert (edge == 255).all()
