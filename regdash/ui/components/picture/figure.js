// The complete figure at a picture's present frame, for Plotly, in the layout that fits the room.

const NARROW = 640; // below this width, in CSS pixels, curves go below the boundaries

function completeFigure(picture, family) {
  if (isProjected(picture.root) && !picture.paper.printing) return projectedFigure(picture, family);
  return isWide(picture) ? wideFigure(picture, family) : narrowFigure(picture, family);
}

// Curves beside the boundaries.
function wideFigure(picture, family) {
  const size = textSize(picture);
  const { layout } = structuredClone(picture.data.wide); // Plotly writes into what it gets
  const place = { width: picture.paper.room(picture.root), height: wideHeight(picture), place: ON_PAGE };
  const side = toStage(layout, { ...titles(picture), ...place, size, family });
  return withLegend(picture, layout, { side, size, family, below: 3 * size });
}

// Curves below the boundaries.
function narrowFigure(picture, family) {
  const size = textSize(picture);
  const { layout, height, side, legend, inset } = structuredClone(picture.data.narrow);
  const { l, r, t, b } = layout.margin;
  const room = picture.paper.room(picture.root);
  const width = room - l - r;
  const right = besideCurves(titles(picture).names, size, family); // names and numbers take no room from the panels
  layout.xaxis.domain = [inset / width, 1 - right / width];
  layout.annotations = layout.annotations.map((note) => panelTitle(note, { size: 1.15 * size, family, room: side * width }));
  Object.assign(layout, { width: room, height: Math.round(height * width + t + b) });
  return withLegend(picture, layout, { side: side * width, size, family, below: legend });
}

// The figure in a laid out `layout`, higher by the legend if that is wanted, `below` pixels below the plot.
function withLegend(picture, layout, { side, size, family, below }) {
  const frame = Math.round(picture.position);
  const scale = Math.max(0.55, Math.min(1.5, side / 380)); // of the marks: small panels, small marks
  const plotHeight = layout.height - layout.margin.t - layout.margin.b;
  const showlegend = layout.showlegend && (picture.paper.printing || picture.shows("legend"));
  return {
    data: picture.data.data.map((trace) => traceAt(picture, trace, frame, scale)),
    layout: {
      ...layout,
      shapes: shapesAt(layout, picture.frames.epochs[frame]),
      height: layout.height + (showlegend ? picture.legendRoom : 0),
      dragmode: dragMode(),
      showlegend,
      legend: { ...layout.legend, y: -below / plotHeight },
      font: { ...layout.font, size, family },
    },
    plotHeight,
  };
}

function isWide({ paper, root }) {
  return paper.room(root) >= NARROW;
}

// How high the figure is with curves beside the boundaries, without a legend.
function wideHeight(picture) {
  const { paper, root, data } = picture;
  const windowHeight = paper.printing ? Infinity : window.innerHeight;
  return pageHeight(data.scores.length, { width: paper.room(root), size: textSize(picture), windowHeight });
}

function textSize(picture) {
  return Math.round(0.88 * parseFloat(getComputedStyle(picture.root).fontSize));
}

// What is written at the ends of the curves, and the shorter titles of the panels.
function titles({ data }) {
  const names = data.data.filter(({ mode, visible }) => mode === "text" && visible === true).map(({ text }) => text[0]);
  return { names, short: data.narrow.layout.annotations };
}

// The same before a room.
function projectedFigure(picture, family) {
  const frame = Math.round(picture.position);
  const { data, plot } = picture;
  const size = textSize(picture);
  const layout = structuredClone(data.wide.layout);
  const room = { width: plot.clientWidth, height: plot.clientHeight };
  const side = toStage(layout, { ...titles(picture), ...room, size, family });
  const scale = Math.max(0.6, Math.min(1.4, side / 380)); // of the marks in panels
  const shapes = shapesAt(layout, picture.frames.epochs[frame]).map((shape) => projected(shape, size));
  return {
    data: data.data.map((trace) => {
      const drawn = projected(trace, trace.xaxis ? scale * LINE_EM : size);
      return traceAt(picture, drawn, frame, 1);
    }),
    layout: { ...layout, shapes, showlegend: false, dragmode: dragMode(), font: { ...layout.font, size, family } },
    plotHeight: layout.height - layout.margin.t - layout.margin.b,
  };
}

function shapesAt({ shapes }, epoch) {
  return shapes.map((shape) => (shape.name === "cursor" ? { ...shape, x0: epoch, x1: epoch } : shape));
}

function traceAt(picture, trace, frame, scale) {
  const arm = picture.data.scores.findIndex((score) => trace.uid.endsWith(`-${score.key}`));
  if (trace.type === "heatmap") return { ...trace, z: picture.frames.rows(picture.frames.levels(arm, frame)) };
  if (trace.type === "contour") return { ...trace, visible: picture.shows("truth") };
  if (!trace.xaxis) return { ...trace }; // a curve; a copy, since Plotly notes in it what the visitor hides
  const marker = { ...trace.marker, size: scale * trace.marker.size };
  if (trace.uid.startsWith("wrong-")) marker.opacity = picture.frames.wrongAt(arm, frame);
  return { ...trace, marker, visible: picture.shows(trace.uid.split("-")[0]) };
}

// A panel's title, smaller where a line of it would run into the next panel's.
function panelTitle(note, { size, family, room }) {
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = `700 ${size}px ${family}`;
  const lines = note.text.split("<br>").map((line) => ruler.measureText(line.replace(/<[^>]*>/g, "")).width);
  const width = Math.max(...lines);
  return { ...note, font: { ...note.font, size: size * Math.min(1, room / width) } };
}
