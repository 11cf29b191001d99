"""The chart component: a plain Plotly figure that is updated in place and says which mark was clicked."""

from regdash.ui.components.chart.component import chart

__all__ = ["chart"]
