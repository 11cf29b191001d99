"""The Explore page's picture: runs in, Plotly figure out."""
