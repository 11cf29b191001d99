// The picture: a Plotly figure whose surfaces, cursor and rings follow the epoch without asking the server.
//
// Plotly draws what does not depend on the epoch, by `Plotly.react`: an update in place that keeps zoom and hidden
// traces (`uirevision`) and never blanks. What does depend on the epoch is painted into the nodes that Plotly made,
// since a full Plotly redraw takes 70 ms and Play needs 20 pictures a second: the surfaces' <image>, the cursor's
// <path>, the rings' opacity. After every redraw of Plotly's own (zoom, resize, new data) it is painted again. New runs
// are painted in the same way at first, where nothing else is new (`showAhead`).

const pictures = new Places();

export default function regdashPicture({ data, parentElement, setTriggerValue }) {
  const [picture, leave] = pictures.at(parentElement, () => new Picture(parentElement.querySelector(".regdash-picture")));
  picture.tell = (move) => setTriggerValue?.("strength", move);
  if (modeHasChanged(picture)) setTriggerValue?.("mode", picture.mode); // Python sends the new mode's colours
  picture.show(unpacked(data));
  return leave;
}

class Picture {
  constructor(root) {
    this.root = root;
    this.plot = this.find(".plot");
    this.scoreTable = new ScoreTable(this.find(".scores"));
    this.position = null; // index of the frame shown; between two frames while playing
    this.wanted = null; // the epoch the visitor asked for, kept while settings change; null: the last one
    this.legendRoom = 80; // pixels below the axes, corrected once the legend is drawn
    this.pictures = 0; // painted so far, for the benchmark
    root.picture = this;
    this.player = new Player(this, this.find(".play"));
    this.find(".play").onclick = () => (this.player.playing ? this.pause() : this.play());
    this.find(".back").onclick = () => this.step(Math.ceil(this.position) - 1);
    this.find(".forward").onclick = () => this.step(Math.floor(this.position) + 1);
    this.slider = new EpochSlider(this.find(".epoch"), (position) => this.seek(position));
    this.strength = new Strength(this.find(".strength"), {
      moved: () => this.scrub(),
      release: (move) => this.tell(move),
      speed: () => this.speed,
    });
    this.overlay = new Overlay(this);
    this.film = new Film(this);
    this.root.querySelectorAll(".key button").forEach((button) => {
      button.onclick = () => this.toggleMarks(button);
    });
    this.find(".download").onclick = () => this.download();
    this.paper = new Paper(() => this.drawAtOnce());
    this.resizing = new ResizeObserver(() => this.resize());
    this.resizing.observe(root);
    this.stop = new AbortController();
    window.addEventListener("resize", () => this.resize(), { signal: this.stop.signal }); // its height counts, too
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get speed() {
    return Number(this.find(".speed").value);
  }

  // Whether it plays, or somebody holds a thumb.
  get moves() {
    return !this.paper.printing && (this.player.playing || this.slider.dragged || this.strength.moves);
  }

  get epoch() {
    return this.frames.epochAt(this.position);
  }

  // New data from Python: keep the visitor's epoch, then draw.
  show(data) {
    clearTimeout(this.again);
    this.data = data;
    this.frames = new Frames(data.frames);
    this.painter = new SurfacePainter(bytes(data.colours.table), data.colours.edge, data.colours.line);
    this.position = this.wanted === null ? this.frames.lastFrame : this.frames.nearest(this.wanted);
    this.strength.show(data.strength);
    this.find(".settings").textContent = data.settings;
    this.scoreTable.show(data.scores);
    this.find("[data-marks=flipped]").hidden = !this.scoreTable.hasFlips;
    this.find("[data-marks=legend]").hidden = !data.wide.layout.showlegend;
    this.find(".key .fresh").hidden = !data.data.some(({ uid }) => uid === "fresh");
    for (const name of ["class0", "class1", "ramp"]) this.root.style.setProperty(`--${name}`, data.colours[name]);
    this.drawn = loadPlotly(data.library)
      .then((Plotly) => this.draw(Plotly))
      .catch((error) => failed(this, "picture", error));
  }

  say(text) {
    tell(this.find(".message"), text);
    this.plot.hidden = Boolean(text);
    this.find(".controls").hidden = Boolean(text);
    this.readOut();
  }

  async draw(Plotly) {
    if (this.closed) return; // the visitor left while the library was loading
    this.Plotly = Plotly;
    this.say("");
    if (!this.listening) {
      await aFrame(); // the first drawing takes long: what stands above is seen before
    }
    await showAhead(this);
    await this.react();
    this.root.dataset.picture = String(Number(this.root.dataset.picture ?? 0) + 1); // tests wait for this
  }

  figure(family = getComputedStyle(this.root).fontFamily) {
    return completeFigure(this, family);
  }

  // Whether a kind of mark is shown; the key's buttons hold the answer, for all panels.
  shows(kind) {
    return this.find(`[data-marks="${kind}"]`).getAttribute("aria-pressed") === "true";
  }

  async toggleMarks(button) {
    button.setAttribute("aria-pressed", String(!this.shows(button.dataset.marks)));
    await this.react();
  }

  // Bring the figure up to date. One update at a time: what is asked for meanwhile is one more update after it.
  react() {
    this.outdated = true;
    this.updating ??= this.update().finally(() => (this.updating = null));
    return this.updating;
  }

  // In place. The legend's height is known only afterwards: make room for it, as often as that changes its own height
  // again; the room stays, so that the next update finds it right.
  async update() {
    while (this.outdated && !this.closed) {
      this.outdated = false;
      this.waits = isNarrow(this.root) && !this.paper.printing;
      if (this.waits) return;
      this.drawnHeight = wideHeight(this);
      this.drawnData = this.data;
      const { data, layout, plotHeight } = this.figure();
      const drawing = this.Plotly.react(this.plot, data, layout, CONFIG);
      this.listen();
      await drawing;
      for (let attempt = 0; attempt < 3 && !this.outdated; attempt += 1) {
        const missing = plotHeight - this.plot._fullLayout._size.h;
        if (Math.abs(missing) < 1) break;
        this.legendRoom += missing;
        await this.Plotly.relayout(this.plot, { height: this.figure().layout.height });
      }
    }
  }

  // Paint whenever Plotly has drawn: as soon as it has made the plot, before its first drawing is done.
  listen() {
    if (this.listening) return;
    this.listening = true;
    this.plot.on("plotly_afterplot", () => this.drawnAnew());
  }

  // Paper does not wait: what Plotly does at once must do. Twice, since the legend's height is known only then.
  drawAtOnce() {
    for (let attempt = 0; this.Plotly && attempt < 2; attempt += 1) {
      this.drawnData = this.data;
      const { data, layout, plotHeight } = this.figure();
      this.Plotly.react(this.plot, data, layout, CONFIG);
      this.legendRoom += plotHeight - this.plot._fullLayout._size.h;
    }
  }

  drawnAnew() {
    if (!this.plot._fullLayout) return;
    makeReachable(this.plot, this.data.alt);
    this.overlay.forget();
    this.film.forget();
    this.overlay.ahead = Ahead.over(this.drawnData, this.data);
    this.paint();
  }

  // Put everything that follows the epoch into the nodes that Plotly drew, or over them, at least of the arms that are `moving`.
  paint(moving = () => true) {
    if (!this.plot._fullLayout) return;
    this.data.scores.forEach((score, arm) => {
      if (!moving(score.key)) return;
      this.film.paint(arm);
      this.paintRings(score.key, this.overlay.wrong(arm));
    });
    this.overlay.paint();
    this.paintCursor();
    this.readOut();
    this.pictures += 1;
  }

  paintRings(key, wrong) {
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
    const text = `epoch ${epoch} of ${this.frames.last}`;
    this.slider.show(this.frames, this.position, text);
    this.find(".readout").textContent = text;
    this.find(".play").disabled = this.frames.lastFrame === 0; // of a single epoch there is nothing to play
    // Not `disabled`: a button with the focus would lose it.
    this.find(".back").setAttribute("aria-disabled", String(this.position <= 0));
    this.find(".forward").setAttribute("aria-disabled", String(this.position >= this.frames.lastFrame));
    this.scoreTable.at(epoch, this.data.scores.map((_, arm) => this.overlay.scores(arm)));
    this.strength.readOut(epoch);
  }

  // For those who hear it: where the picture stands, once it does. (The slider says so itself, and Play would never end.)
  speak() {
    this.find(".spoken").textContent = this.find(".readout").textContent;
  }

  step(position) {
    this.seek(position);
    this.speak();
  }

  // The strength slider has moved: what is shown are the stops' epochs, of which there are fewer.
  scrub() {
    if (!this.Plotly) return;
    this.pause();
    const epoch = this.strength.nearestEpoch(this.epoch) ?? this.epoch;
    if (epoch === this.epoch) return void this.paint((key) => this.strength.slider.keys.includes(key));
    this.position = this.frames.nearest(epoch);
    this.remember();
    this.paint();
  }

  seek(position) {
    this.strength.pause();
    this.pause();
    this.position = Math.max(0, Math.min(position, this.frames.lastFrame));
    this.remember();
    this.paint();
  }

  remember() {
    this.wanted = this.position === this.frames.lastFrame ? null : this.epoch;
  }

  play() {
    this.strength.pause();
    this.player.play();
  }

  // Stop at a kept epoch: between two of them the surface is a blend, and a still picture must be the truth.
  pause() {
    if (!this.player.playing) return;
    this.player.stop();
    this.position = Math.round(this.position);
    this.remember();
    this.paint();
    this.speak();
  }

  async download() {
    this.pause();
    await this.drawn;
    await savePicture(this);
  }

  resize() {
    // Not before it is drawn at all: it would be drawn twice, when it takes longest.
    if (!(this.listening || this.waits) || this.paper.printing || isNarrow(this.root)) return;
    const { width, height } = this.plot._fullLayout ?? {};
    const projected = isProjected(this.root);
    const lower = projected ? this.plot.clientHeight !== height : isWide(this) && wideHeight(this) !== this.drawnHeight;
    if (this.root.clientWidth !== width || lower) this.react();
  }

  close() {
    this.closed = true;
    this.player.stop();
    this.film.close();
    this.strength.close();
    this.paper.close();
    this.resizing.disconnect();
    this.stop.abort();
    if (this.Plotly) this.Plotly.purge(this.plot);
  }
}
