// What Plotly draws, for those who have no mouse or cannot see it. Called after each drawing: it may have made new nodes.

// Zoom for the keyboard; shown while one of its buttons has the focus, when the arrow keys move what is zoomed.
const ZOOM_BUTTONS = { displayModeBar: true, modeBarButtons: [["zoomIn2d", "zoomOut2d", "resetScale2d"]] };
const CONFIG = { displaylogo: false, showSendToCloud: false, doubleClick: "reset", showTips: false, ...ZOOM_BUTTONS };
const ARROWS = { ArrowLeft: ["x", -1], ArrowRight: ["x", 1], ArrowDown: ["y", -1], ArrowUp: ["y", 1] };
const STRIDE = 0.1; // of what is seen, for each press of an arrow key

function makeReachable(plot, alt) {
  plot.querySelectorAll(".main-svg").forEach((svg, i) => {
    describe(svg, i === 0 ? { role: "img", "aria-label": alt } : { role: "none" }); // legend, titles, hover labels
    svg.setAttribute("viewBox", `0 0 ${plot._fullLayout.width} ${plot._fullLayout.height}`); // paper may be narrower
  });
  plot.querySelectorAll(".modebar svg").forEach((icon) => describe(icon, { "aria-hidden": true }));
  plot.querySelector(".svg-container").style.aspectRatio = `${plot._fullLayout.width} / ${plot._fullLayout.height}`;
  plot.querySelectorAll(".legend .traces").forEach((entry) => {
    const { trace } = entry.__data__[0];
    const shown = String(trace.visible === true);
    const toggle = entry.querySelector(".legendtoggle");
    describe(toggle, { role: "button", tabindex: 0, "aria-label": trace.name, "aria-pressed": shown });
  });
  plot.onkeydown = (event) => {
    if (event.target.matches(".legendtoggle") && ["Enter", " "].includes(event.key)) press(event);
    if (event.target.matches(".modebar-btn") && event.key in ARROWS) move(plot, event);
  };
}

function describe(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node?.setAttribute(name, value);
}

// A key on a legend entry does what a click does: Plotly listens for the mouse only.
function press(event) {
  event.preventDefault();
  for (const kind of ["mousedown", "mouseup"]) event.target.dispatchEvent(new MouseEvent(kind, { bubbles: true }));
}

function move(plot, event) {
  event.preventDefault();
  const [letter, sign] = ARROWS[event.key];
  const axes = Object.keys(plot._fullLayout).filter((name) => name.startsWith(`${letter}axis`) && !plot._fullLayout[name].fixedrange);
  const ranges = axes.map((name) => {
    const [from, to] = plot._fullLayout[name].range;
    const stride = sign * STRIDE * (to - from);
    return [`${name}.range`, [from + stride, to + stride]];
  });
  window.Plotly.relayout(plot, Object.fromEntries(ranges));
}

// A finger scrolls the page, whatever the screen's width; a mouse zooms.
function dragMode() {
  return window.matchMedia("(pointer: coarse)").matches ? false : "zoom";
}
