"""QR codes, drawn here: no other host is asked."""

from html import escape

import segno


def image(link: str, *, alt: str) -> str:
    """A link as a QR code: an `<img>` as wide as its place, black on white, with the white margin of four modules that
    scanners want, on dark pages as well.

    It can be read from about ten times its width: 80 cm on the wall for the back row of a room of 8 m. Where the wall's
    picture is 2 m wide and 1,920 pixels, that is 770 of them.
    """
    code = segno.make_qr(link, error="m").svg_data_uri(border=4, dark="#000", light="#fff", omitsize=True)
    return f'<img class="regdash-qr" style="width:100%" src="{code}" alt="{escape(alt, quote=True)}">'
