// The picture: a Plotly figure whose surfaces, cursor and rings follow the epoch without asking the server.
//
// Plotly draws what does not depend on the epoch, by `Plotly.react`: an update in place that keeps zoom and hidden
// traces (`uirevision`) and never blanks. What does depend on the epoch is painted into the nodes that Plotly made,
// since a full Plotly redraw takes 70 ms and Play needs 20 pictures a second: the surfaces' <image>, the cursor's
// <path>, the rings' opacity. After every redraw of Plotly's own (zoom, resize, new data) it is painted again.

const PIXELS = 208; // a surface is painted this wide and high, then scaled by the browser
const SECONDS = 6; // one play from the first to the last epoch at speed 1
const NARROW = 640; // below this width, in CSS pixels, curves go above the boundaries
const pictures = new WeakMap();

export default function regdashPicture({ data, parentElement }) {
  let picture = pictures.get(parentElement);
  if (!picture) {
    picture = new Picture(parentElement.querySelector(".regdash-picture"));
    pictures.set(parentElement, picture);
  }
  picture.show(data);
  return () => {
    picture.close();
    pictures.delete(parentElement);
  };
}

function loadPlotly(url) {
  window.regdashPlotly ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = url;
    script.onload = () => resolve(window.Plotly);
    script.onerror = () => {
      script.remove();
      window.regdashPlotly = undefined; // the next update tries again
      reject(new Error("the chart library could not be loaded"));
    };
    document.head.append(script);
  });
  return window.regdashPlotly;
}

function bytes(base64) {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

const floats = (base64) => new Float32Array(bytes(base64).buffer);
const percent = (share) => (Number.isNaN(share) ? "–" : `${(100 * share).toFixed(1)} %`);

class Picture {
  constructor(root) {
    this.root = root;
    this.plot = this.find(".plot");
    this.canvas = Object.assign(document.createElement("canvas"), { width: PIXELS, height: PIXELS });
    this.position = null; // index of the frame shown; between two frames while playing
    this.playing = false;
    this.legendRoom = 80; // pixels below the axes, corrected once the legend is drawn
    this.pictures = 0; // painted so far, for the benchmark
    root.picture = this;
    this.find(".play").onclick = () => (this.playing ? this.pause() : this.play());
    this.find(".back").onclick = () => this.seek(Math.ceil(this.position) - 1);
    this.find(".forward").onclick = () => this.seek(Math.floor(this.position) + 1);
    this.find(".epoch").oninput = (event) => this.seek(Number(event.target.value));
    this.find(".download").onclick = () => this.download();
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(root);
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get lastFrame() {
    return this.frames.epochs.length - 1;
  }

  // The present epoch: whole at a kept frame, in between while playing.
  get epoch() {
    const before = Math.floor(this.position);
    const after = Math.min(before + 1, this.lastFrame);
    const { epochs } = this.frames;
    return epochs[before] + (this.position - before) * (epochs[after] - epochs[before]);
  }

  // New data from Python: keep the visitor's epoch, then draw.
  show(data) {
    const atEnd = this.position === null || this.position === this.lastFrame;
    const epoch = this.position === null ? 0 : this.epoch;
    this.data = data;
    this.frames = {
      ...data.frames,
      surface: bytes(data.frames.surface),
      wrong: bytes(data.frames.wrong),
    };
    this.scores = data.scores.map((score) => ({
      ...score,
      train: floats(score.train),
      validation: floats(score.validation),
      memorised: floats(score.memorised),
    }));
    this.table = colourTable(bytes(data.colours.table), data.colours.edge);
    this.position = atEnd ? this.lastFrame : this.nearestFrame(epoch);
    this.showScoreTable();
    this.drawn = loadPlotly(data.library).then(
      (Plotly) => this.draw(Plotly),
      (error) => this.say(`The picture is not available: ${error.message}. The numbers below still stand.`),
    );
  }

  nearestFrame(epoch) {
    const distance = this.frames.epochs.map((kept) => Math.abs(kept - epoch));
    return distance.indexOf(Math.min(...distance));
  }

  say(text) {
    this.find(".message").textContent = text;
    this.find(".message").hidden = !text;
    this.plot.hidden = Boolean(text);
    this.find(".controls").hidden = Boolean(text);
    this.readOut();
  }

  async draw(Plotly) {
    this.Plotly = Plotly;
    this.say("");
    this.plot.setAttribute("aria-label", this.data.alt);
    await this.react();
    if (!this.listening) {
      this.listening = true;
      this.plot.on("plotly_afterplot", () => this.paint());
    }
    this.paint();
    this.root.dataset.picture = String(Number(this.root.dataset.picture ?? 0) + 1); // tests wait for this
  }

  // The complete figure at the present frame, for Plotly, in the layout that fits the room.
  figure() {
    const frame = Math.round(this.position);
    const room = this.root.clientWidth;
    const { layout, height, side, legend } = room < NARROW ? this.data.narrow : this.data.wide;
    const width = room - layout.margin.l - layout.margin.r;
    const epoch = this.frames.epochs[frame];
    const shapes = layout.shapes.map((shape) => (shape.name === "cursor" ? { ...shape, x0: epoch, x1: epoch } : shape));
    const scale = Math.max(0.55, Math.min(1.15, (side * width) / 380)); // of the marks: small panels, small marks
    return {
      data: this.data.data.map((trace) => this.traceAt(trace, frame, scale)),
      layout: {
        ...layout,
        shapes,
        width: room,
        height: Math.round(height * width + layout.margin.t + layout.margin.b + this.legendRoom),
        legend: { ...layout.legend, y: -legend / (height * width) },
        font: {
          ...layout.font,
          size: Math.round(0.8 * parseFloat(getComputedStyle(this.root).fontSize)),
          family: getComputedStyle(this.root).fontFamily,
        },
      },
      plotHeight: height * width,
    };
  }

  traceAt(trace, frame, scale) {
    const arm = this.scores.findIndex((score) => trace.uid.endsWith(`-${score.key}`));
    if (trace.type === "heatmap") return { ...trace, z: this.surfaceRows(arm, frame) };
    if (!trace.marker) return trace;
    const marker = { ...trace.marker, size: scale * trace.marker.size };
    if (trace.uid.startsWith("wrong-")) marker.opacity = this.wrongAt(arm, frame);
    return { ...trace, marker };
  }

  // Update the figure in place. The legend's height is known only afterwards: make room for it, once.
  async react() {
    const { data, layout, plotHeight } = this.figure();
    const config = { displaylogo: false, displayModeBar: false, showSendToCloud: false, doubleClick: "reset" };
    await this.Plotly.react(this.plot, data, layout, config);
    const missing = plotHeight - this.plot._fullLayout._size.h;
    if (Math.abs(missing) < 3) return;
    this.legendRoom += missing;
    await this.Plotly.relayout(this.plot, { height: this.figure().layout.height });
  }

  surfaceRows(arm, frame) {
    const { side, surface, epochs } = this.frames;
    const start = (arm * epochs.length + frame) * side * side;
    const shares = Float32Array.from(surface.subarray(start, start + side * side), (value) => value / 255);
    return Array.from({ length: side }, (_, row) => shares.subarray(row * side, (row + 1) * side));
  }

  wrongAt(arm, frame) {
    const n = this.frames.points;
    const stride = Math.ceil(n / 8);
    const start = (arm * this.frames.epochs.length + frame) * stride;
    return Array.from({ length: n }, (_, i) => (this.frames.wrong[start + (i >> 3)] >> (i & 7)) & 1);
  }

  // Put everything that follows the epoch into the nodes that Plotly drew.
  paint() {
    if (!this.plot._fullLayout) return;
    const frame = Math.round(this.position);
    this.scores.forEach((score, arm) => {
      this.paintSurface(arm);
      this.paintRings(score.key, arm, frame);
    });
    this.paintCursor();
    this.readOut();
    this.pictures += 1;
  }

  paintSurface(arm) {
    const image = this.plot.querySelector(`.subplot.x${arm + 2}y${arm + 2} .heatmaplayer image`);
    if (!image) return; // zoomed out of sight
    image.setAttributeNS("http://www.w3.org/1999/xlink", "xlink:href", this.surfaceUrl(arm));
    image.style.imageRendering = "auto";
    // The hover label reads its value here.
    const calculated = this.plot.calcdata.find(([cell]) => cell?.trace?.uid === `surface-${this.scores[arm].key}`);
    if (calculated) calculated[0].z = this.surfaceRows(arm, Math.round(this.position));
  }

  surfaceUrl(arm) {
    const { side, surface, epochs } = this.frames;
    const before = Math.floor(this.position);
    const size = side * side;
    const start = (arm * epochs.length + before) * size;
    const first = surface.subarray(start, start + size);
    const second = before < this.lastFrame ? surface.subarray(start + size, start + 2 * size) : first;
    const context = this.canvas.getContext("2d");
    const pixels = context.createImageData(PIXELS, PIXELS);
    renderSurface(first, second, this.position - before, side, this.table, new Uint32Array(pixels.data.buffer));
    context.putImageData(pixels, 0, 0);
    return this.canvas.toDataURL();
  }

  paintRings(key, arm, frame) {
    const wrong = this.wrongAt(arm, frame);
    const rings = this.plot.querySelectorAll(`.scatterlayer .tracewrong-${key} path.point`);
    rings.forEach((ring, i) => (ring.style.opacity = wrong[i]));
  }

  paintCursor() {
    const path = this.plot.querySelector('.shapelayer path[data-index="0"]');
    const axis = this.plot._fullLayout.xaxis;
    const drawnAt = this.plot._fullLayout.shapes[0].x0;
    path?.setAttribute("transform", `translate(${axis.d2p(this.epoch) - axis.d2p(drawnAt)},0)`);
  }

  readOut() {
    const epoch = Math.round(this.epoch);
    const slider = this.find(".epoch");
    slider.max = this.lastFrame;
    slider.value = Math.round(this.position);
    slider.setAttribute("aria-valuetext", `epoch ${epoch} of ${this.frames.last}`);
    this.find(".readout").textContent = `epoch ${epoch} of ${this.frames.last}`;
    this.find(".back").disabled = this.position <= 0;
    this.find(".forward").disabled = this.position >= this.lastFrame;
    this.find(".scores tbody").childNodes.forEach((row, arm) => {
      const score = this.scores[arm];
      row.children[1].textContent = percent(score.train[epoch - 1]);
      row.children[2].textContent = percent(score.validation[epoch - 1]);
      row.children[3].textContent = percent(score.memorised[epoch - 1]);
    });
  }

  showScoreTable() {
    const rows = this.scores.map(({ label, colour, diverged }) => {
      const row = document.createElement("tr");
      row.innerHTML = '<th scope="row"></th><td></td><td></td><td class="memorised"></td>';
      row.firstChild.textContent = diverged ? `${label} (diverged)` : label;
      row.firstChild.style.color = colour;
      return row;
    });
    this.find(".scores tbody").replaceChildren(...rows);
    const lies = this.scores.some((score) => score.memorised.some((share) => !Number.isNaN(share)));
    this.root.querySelectorAll(".memorised").forEach((cell) => (cell.hidden = !lies));
    this.root.style.setProperty("--class0", this.data.colours.class0);
    this.root.style.setProperty("--class1", this.data.colours.class1);
    this.root.style.setProperty("--ramp", this.data.colours.ramp);
  }

  seek(position) {
    this.pause();
    this.position = Math.max(0, Math.min(position, this.lastFrame));
    this.paint();
  }

  play() {
    this.playing = true;
    this.label("Pause", "M3 2h4v12H3zM9 2h4v12H9z");
    if (this.position >= this.lastFrame) this.position = 0;
    let previous = null; // not performance.now(): a frame's time can lie a little before it
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    let exact = this.position;
    const step = (now) => {
      if (!this.playing) return;
      const speed = Number(this.find(".speed").value);
      exact = Math.min(exact + (((now - (previous ?? now)) / 1000) * speed * Math.max(this.lastFrame, 1)) / SECONDS, this.lastFrame);
      previous = now;
      this.position = still ? Math.floor(exact) : exact;
      this.paint();
      if (exact >= this.lastFrame) this.pause();
      else requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  // Stop at a kept epoch: between two of them the surface is a blend, and a still picture must be the truth.
  pause() {
    if (!this.playing) return;
    this.playing = false;
    this.position = Math.round(this.position);
    this.label("Play", "M4 2l10 6-10 6z");
    this.paint();
  }

  label(text, shape) {
    const button = this.find(".play");
    button.setAttribute("aria-label", text);
    button.querySelector("span").textContent = text;
    button.querySelector("path").setAttribute("d", shape);
  }

  // A copy of what is on screen. The surfaces go in as images, since they carry the boundary line.
  async download() {
    this.pause();
    const { data, layout } = this.figure();
    const { half, side, epochs } = this.frames;
    const edge = half + half / (side - 1); // an image reaches half a grid step beyond the outermost grid points
    const images = this.scores.map((_, arm) => ({
      source: this.surfaceUrl(arm),
      ...{ xref: `x${arm + 2}`, yref: `y${arm + 2}`, x: -edge, y: edge, sizex: 2 * edge, sizey: 2 * edge },
      ...{ sizing: "stretch", layer: "below" },
    }));
    const background = getComputedStyle(this.root).getPropertyValue("--st-background-color") || "#ffffff";
    const figure = {
      data: data.map((trace, i) => ({ ...trace, visible: trace.type === "heatmap" ? false : this.plot.data[i].visible })),
      layout: { ...layout, ...zoomOf(this.plot._fullLayout, layout), images, paper_bgcolor: background },
    };
    const options = { format: "png", scale: 2, width: layout.width, height: layout.height };
    const filename = `${this.data.stem}-epoch${epochs[Math.round(this.position)]}`;
    await this.Plotly.downloadImage(figure, { ...options, filename });
  }

  resize() {
    if (!this.Plotly || this.root.clientWidth === 0 || this.root.clientWidth === this.plot._fullLayout?.width) return;
    this.react();
  }

  close() {
    this.playing = false;
    this.resizing.disconnect();
    if (this.Plotly) this.Plotly.purge(this.plot);
  }
}

// The visitor's zoom as layout settings: a copy of the figure must show what the original shows.
function zoomOf(full, layout) {
  const axes = Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
  return Object.fromEntries(axes.map((name) => [name, { ...layout[name], range: [...full[name].range] }]));
}

// 256 colours as 32-bit pixels; entry 256 is the boundary line itself.
function colourTable(rgb, edge) {
  const table = new Uint8ClampedArray(4 * 257).fill(255);
  for (let i = 0; i < 256; i += 1) table.set(rgb.subarray(3 * i, 3 * i + 3), 4 * i);
  table.set(edge, 4 * 256);
  return new Uint32Array(table.buffer);
}

// Scale a blend of two frames (side × side, row 0 at the bottom) to PIXELS × PIXELS bilinearly, and draw the line where
// the class changes: where two neighbouring pixels lie on different sides of one half.
function renderSurface(first, second, mix, side, table, out) {
  const levels = new Uint8Array(PIXELS * PIXELS);
  const blend = Float32Array.from(first, (value, i) => value + mix * (second[i] - value));
  for (let row = 0; row < PIXELS; row += 1) {
    const v = Math.max(0, Math.min(side - 1, ((PIXELS - 1 - row + 0.5) / PIXELS) * side - 0.5));
    const low = Math.min(Math.floor(v), side - 2) * side;
    const up = v - low / side;
    for (let column = 0; column < PIXELS; column += 1) {
      const u = Math.max(0, Math.min(side - 1, ((column + 0.5) / PIXELS) * side - 0.5));
      const left = Math.min(Math.floor(u), side - 2);
      const right = u - left;
      const at = low + left;
      const bottom = blend[at] + right * (blend[at + 1] - blend[at]);
      const top = blend[at + side] + right * (blend[at + side + 1] - blend[at + side]);
      levels[row * PIXELS + column] = bottom + up * (top - bottom);
    }
  }
  for (let i = 0; i < levels.length; i += 1) {
    const beside = (i + 1) % PIXELS ? levels[i + 1] : levels[i];
    const below = i + PIXELS < levels.length ? levels[i + PIXELS] : levels[i];
    out[i] = ((levels[i] ^ beside) | (levels[i] ^ below)) & 128 ? table[256] : table[levels[i]];
  }
}
