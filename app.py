"""RegDash: entry script. `streamlit run app.py` opens the page."""

import streamlit as st
import torch

from regdash.ui.pages import explore

# Networks this small train faster on one thread each; visitors are the parallelism.
torch.set_num_threads(1)

st.set_page_config(page_title="RegDash", page_icon=":material/ssid_chart:", layout="wide")
st.navigation([st.Page(explore.page, title="Explore", icon=":material/ssid_chart:", default=True)]).run()
