"""A QR code, drawn here: no other site learns of the link."""

from functools import lru_cache


@lru_cache(maxsize=64)  # a function of its argument alone; drawing one takes some 20 ms
def code(text: str) -> str:
    """The code as SVG, black on white whatever the page's colours, with the quiet zone of four modules that it needs.

    At the lowest level of error correction, or a higher one that fits into as many modules: what limits reading from
    afar is how large a module is, and nothing ever covers part of a projected code. Of a link to Explore, some 320
    characters, that is 61 to 65 modules a side. Raises `ValueError` for more than 2,953 bytes, which no code can hold.
    """
    import segno

    drawn: str = segno.make_qr(text, error="l").svg_inline(border=4, dark="#000", light="#fff", omitsize=True)
    return drawn
