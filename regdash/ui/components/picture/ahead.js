// New runs, shown before Plotly has drawn them: a redraw of Plotly's takes 70 ms, to paint into the nodes that are there
// takes 10. That is right only where nothing else has changed: the same points, axes, networks, colours.

class Ahead {
  // What is to be painted over a drawing of `drawn`, for the picture of `data`; null if that does not do. To be asked
  // before Plotly, which writes into what it gets, has seen `data`.
  static over(drawn, data) {
    const needed = still(data);
    return drawn && drawn !== data && still(drawn) === needed ? new Ahead(data) : null;
  }

  constructor({ data }) {
    this.traces = new Map(data.map((trace) => [trace.uid, trace]));
  }

  // A curve's heights, by epoch; the height of its name.
  heights(uid) {
    return numbers(this.traces.get(uid).y);
  }

  // Where a mark on the curves is: the one with this number of its trace.
  mark(uid, index) {
    const { x, y } = this.traces.get(uid);
    return [numbers(x)[index], numbers(y)[index]];
  }
}

// Where only what is painted has changed, it is on the screen before Plotly begins.
async function showAhead(picture) {
  const { overlay, root } = picture;
  overlay.ahead = Ahead.over(picture.drawnData, picture.data);
  if (!overlay.ahead || document.hidden) return;
  picture.paint();
  root.dataset.ahead = String(Number(root.dataset.ahead ?? 0) + 1); // tests and the benchmark look for this
  await aFrame();
  await aFrame(); // the first one may still be on its way to the screen
}

const stills = new WeakMap();

// All of a picture's data that Plotly alone can draw, as a text; its frames but for what is painted anyway.
function still(picture) {
  if (!stills.has(picture)) {
    const { data, wide, narrow, frames, scores, colours, library } = picture;
    const { epochs, last, side, points, half, probability } = frames;
    const keys = scores.map(({ key, label }) => [key, label]);
    const traces = data.map((trace) => stillTrace(trace, picture));
    const parts = [traces, stillLayout(wide), stillLayout(narrow), epochs, last, side, points, half, probability, keys, colours, library];
    stills.set(picture, JSON.stringify(parts));
  }
  return stills.get(picture);
}

function stillTrace(trace, { scores }) {
  const [kind, owner] = trace.uid.split("-");
  if (kind === "best" || kind === "fresh") return { ...trace, x: null, y: null, customdata: null };
  if (kind === "name") return { ...trace, y: null }; // each makes room for the others
  if (!scores.some(({ key }) => key === owner)) return trace; // a pinned run's
  if (kind === "curve") return { ...trace, y: numbers(trace.y).length };
  if (kind === "wrong") return { ...trace, marker: { ...trace.marker, opacity: null } };
  return trace;
}

// A panel's title ends with the number that is painted.
function stillLayout(one) {
  const annotations = one.layout.annotations.map((note) => ({ ...note, text: note.text.replace(/<b>[^<]*<\/b>([^<]*)$/, "$1") }));
  return { ...one, layout: { ...one.layout, annotations } };
}

// What Python sent as a list, or as 32-bit numbers in one piece.
function numbers(values) {
  if (Array.isArray(values)) return values;
  const kinds = { f4: Float32Array, i4: Int32Array };
  return Array.from(new kinds[values.dtype](bytes(values.bdata).buffer));
}
