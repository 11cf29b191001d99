// A figure that nobody sees, drawn once while a visitor reads: the browser compiles the chart library's functions when
// they first run, and that would otherwise be when the visitor has asked for a figure and waits.
//
// It has what the page's figures are made of, as small as can be: what is not drawn here is compiled later, as before.

const REHEARSAL_WAIT = 2000; // milliseconds after which it is drawn though the browser has never been idle
let rehearsed = false;

function rehearse(Plotly) {
  if (rehearsed) return;
  rehearsed = true;
  const idle = window.requestIdleCallback ?? ((act) => setTimeout(act, 200)); // Safari has none
  idle(() => drawUnseen(Plotly), { timeout: REHEARSAL_WAIT });
}

async function drawUnseen(Plotly) {
  const plot = document.createElement("div");
  Object.assign(plot.style, { position: "fixed", left: "-10000px", top: "0", visibility: "hidden" });
  plot.setAttribute("aria-hidden", "true");
  document.body.append(plot);
  try {
    await Plotly.newPlot(plot, unseenMarks(), unseenLayout(), { displayModeBar: false });
  } finally {
    Plotly.purge(plot);
    plot.remove();
  }
}

function unseenMarks() {
  const points = { x: [0, 1], y: [0, 1] };
  const panel = { xaxis: "x2", yaxis: "y2" };
  const classes = { color: [0, 1], colorscale: [[0, "#000000"], [1, "#ffffff"]], cmin: 0, cmax: 1 };
  const surface = { z: [[0, 1], [1, 0]], showscale: false };
  return [
    { ...points, mode: "lines+markers", marker: { symbol: "square", maxdisplayed: 2 } },
    { ...points, mode: "text", text: ["a", "b"], textposition: "middle right" },
    { ...surface, ...panel, type: "heatmap", zsmooth: "fast" },
    { ...surface, ...panel, type: "contour" },
    { ...points, ...panel, mode: "markers", marker: { ...classes, symbol: [0, 1], opacity: [0, 1], line: { ...classes, width: 1 } } },
  ];
}

function unseenLayout() {
  return {
    width: 300,
    height: 200,
    showlegend: false,
    xaxis: { domain: [0, 0.4], title: { text: "x" } },
    xaxis2: { domain: [0.6, 1] },
    yaxis2: { anchor: "x2", scaleanchor: "x2" },
    annotations: [{ text: "<b>a</b><br>b", showarrow: false }],
    shapes: [{ type: "line", x0: 1, x1: 1, y0: 0, y1: 1 }],
  };
}
