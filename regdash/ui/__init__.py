"""The page: the only part of RegDash, beside `app.py`, that knows Streamlit."""
