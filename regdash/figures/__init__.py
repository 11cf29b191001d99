"""Pure functions from results to Plotly figures: no model, no random numbers, no Streamlit."""
