"""RegDash as an app: `streamlit run app.py` serves it, and so does any ASGI server (`uvicorn app:app`).

The page itself is `regdash/ui/script.py`.
"""

import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
if "streamlit.web.cli" not in sys.modules:
    os.chdir(HERE)  # under another server, Streamlit looks for .streamlit/ where that was started

import streamlit as st  # noqa: E402
from starlette.middleware import Middleware  # noqa: E402

from regdash.ui.classes.route import look  # noqa: E402
from regdash.ui.components.route import library, scripts  # noqa: E402
from regdash.ui.early import Early  # noqa: E402
from regdash.ui.files import Files  # noqa: E402
from regdash.ui.gate import Gate  # noqa: E402
from regdash.ui.metrics import metrics  # noqa: E402
from regdash.ui.warm import warmed  # noqa: E402

app = st.App(
    HERE / "regdash" / "ui" / "script.py",
    middleware=[Middleware(Gate), Middleware(Early), Middleware(Files)],
    routes=[library(), scripts(), metrics(), look()],
    lifespan=warmed,
)
