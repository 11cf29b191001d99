"""The picture as one HTML file that works without a server or the internet: the same script, style and data."""

import base64
import html
from dataclasses import asdict
from pathlib import Path
from typing import Any

from regdash.figures.theme import Palette
from regdash.ui.components.picture.component import CSS, SCRIPT, Words, message
from regdash.ui.components.plotly import FILE

_HERE = Path(__file__).parent

_PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>RegDash: {title}</title>
<style>
body {{ margin: 1.5rem; background: {paper}; color: {text}; font: 18px system-ui, sans-serif;
  --st-text-color: {text}; --st-background-color: {paper}; --st-secondary-background-color: {grid};
  --st-border-color: {grid}; --st-primary-color: #0060a0; --st-base-radius: 0.5rem; --st-font: system-ui; }}
{css}
</style>
<h1 style="font-size: 1.25rem">{title}</h1>
{body}
<script>{library}</script>
<script type="text/plain" id="data">{data}</script>
<script type="module">
{script}
window.regdashPlotly = Promise.resolve(window.Plotly);
regdashPicture({{ data: bytes(document.getElementById("data").textContent), parentElement: document.body }});
</script>
</html>
"""


def offline_page(payload: dict[str, Any], *, words: Words, colours: Palette) -> str:
    """The whole file as text, about 2 MB. `payload` is that of `regdash.figures.explore.picture.payload`."""
    data = message(payload | asdict(words) | {"library": ""})
    return _PAGE.format(
        title=html.escape(words.headline),
        paper=colours.paper,
        text=colours.text,
        grid=colours.grid,
        css=CSS,
        body=(_HERE / "component.html").read_text(encoding="utf-8"),
        library=FILE.read_text(encoding="utf-8"),
        data=base64.b64encode(data).decode("ascii"),
        script=SCRIPT.text.replace("export default ", ""),
    )
