// The complete figure at a picture's present frame, for Plotly, in the layout that fits the room.

const NARROW = 640; // below this width, in CSS pixels, curves go above the boundaries

function completeFigure(picture, family) {
  if (isProjected(picture.root) && !picture.paper.printing) return projectedFigure(picture, family);
  const frame = Math.round(picture.position);
  const room = picture.paper.room(picture.root);
  const place = room < NARROW ? picture.data.narrow : picture.data.wide;
  const { layout, height, side, legend, inset } = structuredClone(place); // Plotly writes into what it gets
  const width = room - layout.margin.l - layout.margin.r;
  const epoch = picture.frames.epochs[frame];
  const size = Math.round(0.88 * parseFloat(getComputedStyle(picture.root).fontSize));
  const shapes = shapesAt(layout, epoch);
  layout.xaxis.domain[0] += inset / width; // the numbers beside the curves take no room from the panels
  const scale = Math.max(0.55, Math.min(1.15, (side * width) / 380)); // of the marks: small panels, small marks
  return {
    data: picture.data.data.map((trace) => traceAt(picture, trace, frame, scale)),
    layout: {
      ...layout,
      shapes,
      width: room,
      height: Math.round(height * width + layout.margin.t + layout.margin.b + picture.legendRoom),
      dragmode: dragMode(),
      annotations: layout.annotations.map((note) => panelTitle(note, { size: 1.15 * size, family, room: side * width })),
      legend: { ...layout.legend, y: -legend / (height * width) },
      font: { ...layout.font, size, family },
    },
    plotHeight: height * width,
  };
}

// The same before a room.
function projectedFigure(picture, family) {
  const frame = Math.round(picture.position);
  const { data, plot } = picture;
  const size = Math.round(0.88 * parseFloat(getComputedStyle(picture.root).fontSize));
  const names = data.data.filter(({ mode, visible }) => mode === "text" && visible === true).map(({ text }) => text[0]);
  const layout = structuredClone(data.wide.layout);
  const room = { width: plot.clientWidth, height: plot.clientHeight };
  const side = toStage(layout, { names, short: data.narrow.layout.annotations, ...room, size, family });
  const scale = Math.max(0.6, Math.min(1.4, side / 380)); // of the marks in panels
  const shapes = shapesAt(layout, picture.frames.epochs[frame]).map((shape) => projected(shape, size));
  return {
    data: data.data.map((trace) => {
      const drawn = projected(trace, trace.xaxis ? scale * LINE_EM : size);
      return traceAt(picture, drawn, frame, 1);
    }),
    layout: { ...layout, shapes, dragmode: dragMode(), font: { ...layout.font, size, family } },
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

// A panel's title, smaller where it would run into the next one.
function panelTitle(note, { size, family, room }) {
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = `700 ${size}px ${family}`;
  const { width } = ruler.measureText(note.text.replace(/<[^>]*>/g, ""));
  return { ...note, font: { ...note.font, size: size * Math.min(1, room / width) } };
}
