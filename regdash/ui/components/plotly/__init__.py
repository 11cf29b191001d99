"""What pictures and charts share: where the chart library is, and the scripts and the style for what it draws."""

from pathlib import Path

NAME = "plotly-cartesian-4.1.1.min.js"
FILE = Path(__file__).parents[4] / "static" / NAME
PATH = f"app/static/{NAME}"  # relative to the app: a proxy may show that under a path the server never hears of
_HERE = Path(__file__).parent
LIBRARY = (_HERE / "library.js").read_text(encoding="utf-8")
_SHARED = ("library", "screen", "saying", "reach", "paper", "projected", "png")
LOADER = "\n".join((_HERE / f"{name}.js").read_text(encoding="utf-8") for name in _SHARED)
STYLE = (_HERE / "plot.css").read_text(encoding="utf-8")
