// A chart: a Plotly figure from Python, drawn with `Plotly.react`, which updates in place, keeps zoom and hidden traces
// (`uirevision`) and never blanks. A click on a mark is sent to Python.
//
// Python sends two layouts, "wide" and "narrow"; each has `layout`, `height` (in em, margins included) and, if there is
// a film strip, `units`: how many tiles fit side by side. The strip's tiles are square, so its height follows the width.

const NARROW_CHART = 560; // below this width, in CSS pixels, the narrow layout is used
const GAP = 0.6; // em between the main axes and the film strip
const charts = new Places();

export default function regdashChart({ data, parentElement, setTriggerValue }) {
  const [chart, leave] = charts.at(parentElement, () => new Chart(parentElement.querySelector(".regdash-chart")));
  if (modeHasChanged(chart)) setTriggerValue("mode", chart.mode); // Python sends the new mode's colours
  chart.send = (clicked) => setTriggerValue("clicked", clicked);
  chart.show(data);
  return leave;
}

// When the pictures above `root` are drawn, or at least have begun: they do after a frame.
async function afterPictures(root) {
  const waiting = [...document.querySelectorAll(".regdash-picture:not([data-picture])")];
  if (!waiting.some((picture) => picture.compareDocumentPosition(root) & picture.DOCUMENT_POSITION_FOLLOWING)) return;
  await aFrame();
  await aFrame();
}

class Chart {
  constructor(root) {
    this.root = root;
    this.plot = root.querySelector(".plot");
    root.chart = this; // for tests
    root.querySelector(".download").onclick = () => this.download();
    this.paper = new Paper(() => this.Plotly && this.react());
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(root);
  }

  show(data) {
    if (this.shown === data.version) return; // while a study runs, the page looks more often than results come
    this.shown = data.version;
    clearTimeout(this.again);
    this.data = data;
    this.root.querySelector(".title").textContent = data.title;
    this.root.querySelector(".title").setAttribute("aria-level", data.level);
    this.root.querySelector("figcaption").textContent = data.caption;
    this.root.querySelector(".settings").textContent = data.settings;
    this.root.querySelector(".download").setAttribute("aria-label", `Download “${data.title}” as PNG`);
    this.plot.classList.toggle("clickable", data.clickable);
    this.drawn = loadPlotly(data.library)
      .then((Plotly) => this.draw(Plotly))
      .catch((error) => {
        this.shown = undefined; // the next update tries again, with equal data too
        failed(this, "chart", error);
      });
  }

  say(text) {
    tell(this.root.querySelector(".message"), text);
    this.plot.hidden = Boolean(text);
  }

  async draw(Plotly) {
    if (!this.listening) await afterPictures(this.root);
    if (this.closed) return; // the visitor left while the library was loading
    this.Plotly = Plotly;
    this.say("");
    await this.react();
    if (!this.listening) {
      this.listening = true;
      this.plot.on("plotly_click", (event) => this.click(event));
      this.plot.on("plotly_afterplot", () => makeReachable(this.plot, this.data.alt));
    }
    this.root.dataset.chart = String(Number(this.root.dataset.chart ?? 0) + 1); // tests wait for this
  }

  // The complete figure, in the layout that fits the room.
  figure(family = getComputedStyle(this.root).fontFamily) {
    if (isProjected(this.root) && !this.paper.printing) return this.projected(family);
    const room = this.paper.room(this.root);
    const { layout, height, units } = structuredClone(room < NARROW_CHART ? this.data.narrow : this.data.wide);
    const em = parseFloat(getComputedStyle(this.root).fontSize);
    const { l, r, t, b } = layout.margin;
    let plot = height * em - t - b;
    if (units) {
      const tile = (room - l - r) / units;
      const both = plot + GAP * em + tile;
      layout.yaxis.domain = [1 - plot / both, 1];
      layout.yaxis2.domain = [0, tile / both];
      plot = both;
    }
    const size = Math.round((room < NARROW_CHART ? 0.75 : 0.88) * em);
    const font = { ...layout.font, size, family };
    const hoverlabel = { ...layout.hoverlabel, font: { size, family } };
    const whole = { ...layout, font, hoverlabel, dragmode: dragMode(), width: room, height: Math.round(plot + t + b) };
    return { data: structuredClone(this.data.data), layout: whole };
  }

  // The same for a room: it fills the screen, and a film strip takes no more of it than a third.
  projected(family) {
    const { clientWidth: width, clientHeight: height } = this.plot;
    const { layout, units } = structuredClone(width < NARROW_CHART ? this.data.narrow : this.data.wide);
    const size = Math.round(0.88 * parseFloat(getComputedStyle(this.root).fontSize));
    for (const side of ["l", "r", "t", "b"]) layout.margin[side] *= size / LINE_EM;
    const plot = height - layout.margin.t - layout.margin.b;
    if (units) {
      const room = (width - layout.margin.l - layout.margin.r) / units; // for a tile
      const tile = Math.min(room, plot / 3);
      const [from, to] = layout.xaxis.range;
      const beside = ((room / tile - 1) * (to - from)) / 2; // tiles are square: where they are smaller, the axis is longer
      layout.xaxis.range = [from - beside, to + beside];
      layout.yaxis2.domain = [0, tile / plot];
      layout.yaxis.domain = [(tile + GAP * size) / plot, 1];
    }
    const font = { ...layout.font, size, family };
    const whole = { ...layout, font, hoverlabel: { ...layout.hoverlabel, font: { size, family } }, dragmode: dragMode(), width, height };
    if (layout.shapes) whole.shapes = layout.shapes.map((shape) => projected(shape, size));
    return { data: this.data.data.map((trace) => projected(trace, size)), layout: whole };
  }

  async react() {
    if (isNarrow(this.root)) return; // the observer draws it when it is not
    const { data, layout } = this.figure();
    const zooms = Object.keys(layout).some((name) => /^[xy]axis/.test(name) && !layout[name].fixedrange);
    await this.Plotly.react(this.plot, data, layout, { ...CONFIG, displayModeBar: zooms });
    makeReachable(this.plot, this.data.alt);
  }

  click({ points }) {
    const point = points.find(({ data }) => data.meta?.opens);
    if (!this.data.clickable || !point) return;
    this.send({ trace: point.data.uid, point: point.pointNumber ?? point.pointIndex ?? 0 });
  }

  async download() {
    await this.drawn;
    const figure = this.figure(PNG_FONT);
    const { url, width, height } = await figureImage(this.Plotly, figure, this.plot._fullLayout._size.h);
    const style = getComputedStyle(this.root);
    const paper = style.getPropertyValue("--st-background-color") || "#ffffff";
    const sheet = new Sheet(width, { size: figure.layout.font.size, ink: style.color, paper });
    sheet.text(this.data.title, { bold: true, scale: 1.2 });
    sheet.text(this.data.settings);
    sheet.y += PNG_EDGE;
    sheet.image(await decoded(url), height);
    sheet.text(this.data.caption);
    await sheet.save(this.data.stem);
  }

  resize() {
    if (!this.Plotly || this.paper.printing || isNarrow(this.root)) return;
    const { width, height } = this.plot._fullLayout ?? {};
    if (this.root.clientWidth !== width || (isProjected(this.root) && this.plot.clientHeight !== height)) this.react();
  }

  close() {
    this.closed = true;
    this.paper.close();
    this.resizing.disconnect();
    if (this.Plotly) this.Plotly.purge(this.plot);
  }
}
