import base64
import json

from regdash.figures.theme import LIGHT
from regdash.ui.components.picture import offline_page

PAYLOAD = {"data": [], "colours": {}, "frames": {"epochs": [1], "surface": b"\x00\xff"}}


def page(title="A title", alt="words"):
    return offline_page(PAYLOAD, title=title, alt=alt, file_stem="stem", colours=LIGHT)


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
    assert json.loads(data[4:end]) == PAYLOAD | {"frames": frames, "alt": "words", "stem": "stem", "library": ""}
    assert data[end:] == PAYLOAD["frames"]["surface"]


def test_no_text_can_end_the_script_or_the_title():
    text = page(title="<b>&", alt="</script><script>alert(1)</script>")
    assert "<title>RegDash: &lt;b&gt;&amp;</title>" in text
    assert "</script><script>alert(1)" not in text
