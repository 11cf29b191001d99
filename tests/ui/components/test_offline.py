import base64
import json

from regdash.figures.theme import LIGHT
from regdash.ui.components.picture import Words
from regdash.ui.components.picture.offline import offline_page

PAYLOAD = {"data": [], "colours": {}, "frames": {"epochs": [1], "surface": b"\x00\xff"}}


def page(title="A title", alt="words"):
    words = Words(alt=alt, headline=title, settings="all of them", stem="stem")
    return offline_page(PAYLOAD, words=words, colours=LIGHT)


def test_the_page_needs_nothing_from_outside():
    text = page()
    assert "src=" not in text.split("<script>")[0]
    assert "Plotly" in text
    assert "export default" not in text.rsplit('<script type="module">', 1)[1]


def test_the_data_can_be_read_back():
    text = page()
    data = base64.b64decode(text.split('<script type="text/plain" id="data">')[1].split("</script>")[0])
    end = 4 + int.from_bytes(data[:4], "little")
    frames = {"epochs": [1]}
    words = {"alt": "words", "headline": "A title", "settings": "all of them", "stem": "stem"}
    assert json.loads(data[4:end]) == PAYLOAD | words | {"frames": frames, "library": ""}
    assert data[end:] == PAYLOAD["frames"]["surface"]


def test_no_text_can_end_the_script_or_the_title():
    text = page(title="<b>&", alt="</script><script>alert(1)</script>")
    assert "<title>RegDash: &lt;b&gt;&amp;</title>" in text
    assert "</script><script>alert(1)" not in text
