"""A component's script as a file of its own, which a browser fetches once and keeps.

Streamlit would send it with every run of a page: of a move on Explore, nearly a quarter was scripts.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

PLACES = (Path(__file__).parent / "places.js").read_text(encoding="utf-8")  # what all begin with
FOLDER = "app/static/scripts"  # relative to the app, as the chart library's

# The address is relative to Streamlit's own script, as in plotly/library.js. A second try has another address: of one
# module a browser may remember that it could not be fetched.
_LOADER = """\
const url = new URL("../../PATH", document.querySelector('script[src*="static/js/"]').src);
const { default: component } = await import(url).catch(() => import(`${url}?again`));
export default component;
"""


@dataclass(frozen=True)
class Script:
    """An ES module: the `name` of its component, and its `text`."""

    name: str
    text: str

    @classmethod
    def of(cls, name: str, files: Iterable[Path], first: str = "") -> "Script":
        """Several files, each with one purpose, one after the other instead of a build step; `first` before them."""
        texts = (file.read_text(encoding="utf-8") for file in files)
        return cls(name, "\n".join([PLACES, *filter(None, [first]), *texts]))

    @cached_property
    def file(self) -> str:
        """Its name in `FOLDER`, another one for another text."""
        return f"{self.name}-{hashlib.sha256(self.text.encode()).hexdigest()[:16]}.js"

    @property
    def loader(self) -> str:
        """The module that fetches it: what the component is registered with."""
        return _LOADER.replace("PATH", f"{FOLDER}/{self.file}")


def small(folder: Path) -> str:
    """A component's script that is small enough to be sent with the page: component.js in its folder."""
    return PLACES + (folder / "component.js").read_text(encoding="utf-8")
