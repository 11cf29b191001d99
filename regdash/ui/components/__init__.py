"""Streamlit components: what the browser draws and plays without asking the server again."""
