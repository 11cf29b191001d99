"""QR codes, drawn here: no other site learns of a link.

They can be read from about ten times their width: 80 cm on the wall for the back row of a room of 8 m. Where the wall's
picture is 2 m wide and 1,920 pixels, that is 770 of them.
"""

from functools import lru_cache
from html import escape
from io import BytesIO
from urllib.parse import quote


@lru_cache(maxsize=64)  # a function of its argument alone; drawing one takes some 20 ms
def svg(text: str) -> str:
    """The code as SVG, black on white whatever the page's colours, with the quiet zone of four modules that it needs.

    At the lowest level of error correction, or a higher one that fits into as many modules: what limits reading from
    afar is how large a module is, and nothing ever covers part of a projected code. Of a link to Explore, some 320
    characters, that is 61 to 65 modules a side. Raises `ValueError` for more than 2,953 bytes, which no code can hold.
    """
    import segno

    drawn = BytesIO()
    segno.make_qr(text, error="l").save(
        drawn, kind="svg", border=4, dark="#000", light="#fff", omitsize=True, xmldecl=False, nl=False
    )
    return drawn.getvalue().decode()


def image(link: str, *, alt: str) -> str:
    """The same as an `<img>` as wide as its place."""
    source = f"data:image/svg+xml,{quote(svg(link))}"
    return f'<img class="regdash-qr" style="width:100%" src="{source}" alt="{escape(alt, quote=True)}">'
