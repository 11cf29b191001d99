"""A QR code says its link, and nothing of it comes from another host."""

import base64
import re
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
import segno

from regdash.ui.common.qr import image

LINK = "http://192.168.100.200:8501/class?join=BDGH"


@pytest.mark.parametrize("link", [LINK, "https://regdash.example.org/?" + "width=32&" * 60])
def test_its_modules_are_those_of_the_link_with_four_white_ones_around(link):
    (source,) = re.findall(r'src="([^"]+)"', image(link, alt="x"))
    assert source.startswith("data:image/svg+xml")
    head, _, body = source.partition(",")
    svg = ElementTree.fromstring(base64.b64decode(body) if "base64" in head else unquote(body))
    code = segno.make_qr(link, error="l")
    size = code.symbol_size(border=4)[0]
    assert svg.get("viewBox") == f"0 0 {size} {size}"
    assert size == len(code.matrix) + 8
    colours = [path.get("fill") or path.get("stroke") for path in svg]
    assert colours == ["#fff", "#000"], "white on dark pages, too"


def test_its_words_cannot_leave_their_attribute():
    assert 'alt="&quot;&gt;&lt;script&gt;"' in image(LINK, alt='"><script>')
