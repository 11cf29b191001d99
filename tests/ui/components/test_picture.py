"""The message to the page's script. That the script reads it is seen in a browser."""

import json

from regdash.ui.components.picture.component import message


def test_a_message_is_a_length_a_text_and_the_surfaces() -> None:
    data = {"title": "ü", "frames": {"epochs": [1, 2], "surface": b"\x00\x80\xff"}}
    sent = message(data)
    end = 4 + int.from_bytes(sent[:4], "little")
    assert json.loads(sent[4:end]) == {"title": "ü", "frames": {"epochs": [1, 2]}}
    assert sent[end:] == b"\x00\x80\xff"
    assert data["frames"] == {"epochs": [1, 2], "surface": b"\x00\x80\xff"}, "the offline copy is made of it later"
