// Paints stops of the strength slider into the nodes that Plotly has drawn: a redraw of Plotly's takes 70 ms, and a drag
// needs 30 pictures a second. What was there is put back when the slider stands where the settings are. In the same way,
// new runs are painted before Plotly has drawn them, see `Ahead`.

const FAINT = 0.25; // of what a stop that is not there would replace

class Overlay {
  constructor(picture) {
    this.picture = picture;
    this.kept = new Map(); // a node's attributes as Plotly drew them
    this.ahead = null; // what Plotly has not drawn yet
    this.painted = false; // whether anything was, the last time
  }

  // What an arm's stop is, see `Strength.of`; null where the settings' own run is shown.
  stop(arm) {
    return this.picture.strength.of(this.picture.data.scores[arm].key);
  }

  // Whether an arm shows a stop that is not there.
  lacks(arm) {
    const stop = this.stop(arm);
    return Boolean(stop) && !stop.nearest;
  }

  // The surface that an arm shows, for the painter.
  surface(arm) {
    const { frames, position, epoch } = this.picture;
    const stop = this.stop(arm);
    if (!stop?.nearest) return frames.blend(arm, position);
    return { first: stop.below.levels(epoch), second: stop.above.levels(epoch), mix: stop.mix, side: stop.below.side };
  }

  // The points that an arm gets wrong.
  wrong(arm) {
    const { frames, position, epoch } = this.picture;
    return this.stop(arm)?.nearest?.wrongAt(epoch) ?? frames.wrongAt(arm, Math.round(position));
  }

  // The numbers of the stop that an arm shows, for the table; undefined: the settings' own.
  scores(arm) {
    const stop = this.stop(arm);
    return stop ? (stop.nearest?.scores ?? {}) : undefined;
  }

  // Plotly has drawn anew, and knows nothing of what was painted here.
  forget() {
    for (const node of this.kept.keys()) if (!this.kept.get(node).has("d")) node.style.translate = "";
    this.kept.clear();
  }

  paint() {
    const { data, plot } = this.picture;
    const due = Boolean(this.ahead) || data.scores.some((_, arm) => this.stop(arm));
    if (!due && !this.painted) return; // Play: there is nothing to paint, nor to put back
    this.painted = due;
    for (const trace of plot._fullData) {
      const [kind, owner, column] = trace.uid.split("-");
      if (kind !== "curve" && kind !== "name") continue;
      const arm = data.scores.findIndex(({ key }) => key === owner);
      const stop = arm < 0 ? null : this.stop(arm);
      const group = plot.querySelector(`.scatterlayer .trace${trace.uid}`);
      if (group) this.paintTrace(group, kind, trace, stop && { ...stop, column });
    }
    data.scores.forEach((_, arm) => {
      const stop = this.stop(arm);
      this.paintMark("best", arm, stop && this.lowest(stop));
      this.paintMark("fresh", arm, stop && this.fresh(stop));
      this.paintEnd(arm);
    });
  }

  // What the network ends with, in its panel's title.
  paintEnd(arm) {
    const end = this.picture.plot.querySelector(`.annotation[data-index="${arm}"] tspan.line:last-child tspan`);
    const { fresh } = this.scores(arm) ?? this.picture.data.scores[arm];
    if (end) write(end, percent(fresh ?? NaN));
  }

  paintTrace(group, kind, trace, stop) {
    group.style.opacity = stop && !stop.nearest ? FAINT : "";
    const nodes = [...group.querySelectorAll("path.js-line, path.point, .textpoint")];
    const values = stop?.nearest
      ? blended(stop.below.curve(stop.column), stop.above.curve(stop.column), stop.mix)
      : this.ahead?.heights(trace.uid);
    if (!values) return nodes.forEach((node) => this.restore(node));
    if (kind === "name") return nodes.forEach((node) => this.moveName(node, trace, values));
    return nodes.forEach((node) => this.moveCurve(node, values));
  }

  moveCurve(node, values) {
    const { xaxis, yaxis } = this.picture.plot._fullLayout;
    const place = (epoch) => `${xaxis.l2p(epoch)},${yaxis.l2p(values[epoch - 1])}`;
    if (node.matches(".point")) return this.set(node, "transform", `translate(${place(node.__data__.x)})`);
    const epochs = Array.from(values, (value, i) => i + 1).filter((epoch) => Number.isFinite(values[epoch - 1]));
    return this.set(node, "d", epochs.length ? `M${epochs.map(place).join("L")}` : "M0,0");
  }

  moveName(node, trace, values) {
    const { yaxis } = this.picture.plot._fullLayout;
    const last = values.findLast(Number.isFinite) ?? trace.y[0];
    this.keep(node);
    node.style.translate = `0 ${yaxis.l2p(last) - yaxis.l2p(trace.y[0])}px`;
  }

  // An arm's mark on the curves, at an epoch and a height; null: where the settings' own run has it.
  paintMark(uid, arm, ofStop) {
    const { plot, data } = this.picture;
    const trace = plot._fullData.find((each) => each.uid === uid);
    const index = trace?.text?.indexOf(data.scores[arm].label) ?? -1;
    const mark = index < 0 ? null : plot.querySelectorAll(`.scatterlayer .trace${uid} path.point`)[index];
    if (!mark) return;
    mark.style.display = "";
    const place = ofStop ?? this.ahead?.mark(uid, index);
    if (!place) return void this.restore(mark);
    const { xaxis, yaxis } = plot._fullLayout;
    const inside = within(place[0], xaxis.range) && within(place[1], yaxis.range);
    mark.style.display = inside ? "inline" : "none"; // Plotly's own "none" is an attribute
    if (inside) this.set(mark, "transform", `translate(${xaxis.l2p(place[0])},${yaxis.l2p(place[1])})`);
  }

  // Where a stop's validation loss is lowest, on a view's first line.
  lowest({ nearest }) {
    const { uid } = this.picture.plot._fullData.find((trace) => trace.uid.startsWith("curve-"));
    return nearest?.best ? [nearest.best, nearest.curve(uid.split("-")[2])[nearest.best - 1]] : [NaN, NaN];
  }

  // How high the accuracy on fresh data is, at the end.
  fresh({ below, above, mix, nearest }) {
    return nearest ? [nearest.last, ...blended([below.fresh], [above.fresh], mix)] : [NaN, NaN];
  }

  keep(node) {
    if (this.kept.has(node)) return;
    this.kept.set(node, new Map(["d", "transform"].map((name) => [name, node.getAttribute(name)]).filter(([, text]) => text !== null)));
  }

  set(node, name, text) {
    this.keep(node);
    node.setAttribute(name, text);
  }

  restore(node) {
    const kept = this.kept.get(node);
    if (!kept) return;
    kept.forEach((text, name) => node.setAttribute(name, text));
    node.style.translate = "";
    this.kept.delete(node);
  }
}

function within(value, [from, to]) {
  return from <= value && value <= to;
}

function blended(first, second, mix) {
  return first.map((value, i) => value + mix * (second[i] - value));
}
