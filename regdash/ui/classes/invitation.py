"""How to join, for the projector: the code, a QR code and the link."""

import streamlit as st

from regdash.ui.classes import addresses
from regdash.ui.common import qr

_ADDRESS = "class_address"  # the key of a control
_CHOSEN = "class_address_chosen"  # in the session


def show(code: str) -> None:
    """Draw it; where phones cannot use the teacher's address, say what to do."""
    found = _addresses()
    link = _link(code, found)
    picture = qr.image(link, alt=f"QR code of {link}")
    st.html(
        f'{STYLE}<div class="regdash-invitation"><div class="code">{code}</div>{picture}'
        f'<div class="link">{_short(link)}</div></div>'
    )
    with st.container(key="class_for_host"):
        if len(found) > 1:
            st.selectbox("Address of this machine for phones", found, key=_ADDRESS)
        if found:
            st.caption(INSTEAD)
    if not found and addresses.is_for_this_machine_only():
        st.warning(NOWHERE, icon=":material/wifi_off:")


def small(code: str) -> None:
    """A line for those who come late."""
    st.caption(f"Class **{code}**: {_short(_link(code, _addresses()))}")


def _addresses() -> list[str]:
    """What the link may have instead of "localhost", if the teacher came by that."""
    return addresses.of_this_machine() if addresses.is_for_this_machine_only() else []


def _link(code: str, found: list[str]) -> str:
    chosen = st.session_state.get(_ADDRESS) or st.session_state.get(_CHOSEN)  # the control is not always there
    st.session_state[_CHOSEN] = chosen
    return addresses.join_link(code, chosen if chosen in found else (*found, "")[0])


def _short(link: str) -> str:
    return link.partition("://")[2] or link


INSTEAD = (
    "Phones cannot find “localhost”, so the link has this machine's address in its network. The server has to listen "
    "there: “deploy/serve --public”, or “--server.address 0.0.0.0”."
)
NOWHERE = (
    "Phones cannot use this link: it has the name by which only the server itself knows itself. Open RegDash by the "
    "server's address in your network, such as http://192.168.1.5:8501, and go on with this class there."
)

STYLE = """<style>
.regdash-invitation { text-align: center; max-width: min(100%, 72vh); margin: 0 auto; }
.regdash-invitation .code { font-size: clamp(2.4rem, 5vw, 6rem); font-weight: 700; line-height: 1;
  letter-spacing: .12em; margin-right: -.12em; padding-bottom: .15em; }
.regdash-invitation img { display: block; image-rendering: pixelated; }
.regdash-invitation .link { font-size: clamp(1rem, 1.25vw, 1.5rem); overflow-wrap: anywhere; padding-top: .3em; }
.regdash-presenting .st-key-class_for_host { display: none; }
</style>"""
