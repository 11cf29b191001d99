// The picture as large as its place allows: before a room the screen, on a page its width. Curves at the left,
// boundaries as large as they get.

const ON_STAGE = { curves: 0.28, spacious: 66 }; // the share of the width that curves have at least; em from which
const ON_PAGE = { curves: 0.24, spacious: Infinity }; // panels have numbers at their axes
const STAGE_GAP = { x: 3.1, y: 4.6, yPlain: 3.4 }; // em between panels: numbers and the next one's title, or the title alone
const STAGE_MARGIN = { l: 4.4, r: 0.4, t: 3.2, b: 3 }; // em
const NAMES = 6.5; // em beside the curves that a page's height counts with, whatever the names: it is not to jump

// `layout`, changed in place for a figure of `width` by `height` CSS pixels with text of `size`; returns a panel's side.
// `names` stand at the ends of the curves, `short` are shorter titles.
function toStage(layout, { names, short, width, height, size, family, place = ON_STAGE }) {
  const panels = layout.annotations.map((_, index) => index + 2); // numbers of their axes
  const margin = inPixels(STAGE_MARGIN, size);
  const room = { x: width - margin.l - margin.r, y: height - margin.t - margin.b };
  const named = besideCurves(names, size, family);
  const plain = panels.length > 2 || width < place.spacious * size; // numbers at each panel would take what panels need
  const gap = { x: (plain ? 1 : STAGE_GAP.x) * size, y: (plain ? STAGE_GAP.yPlain : STAGE_GAP.y) * size };
  const beside = named + (plain ? 1 : STAGE_GAP.x) * size;
  const { rows, columns, side } = largest(panels.length, room, gap, (1 - place.curves) * room.x - beside);
  const left = room.x - columns * side - (columns - 1) * gap.x;
  const block = rows * side + (rows - 1) * gap.y;
  const top = room.y - Math.max(0, (room.y - block) / 2); // one row stands in the middle
  panels.forEach((axis, index) => {
    const x = left + (index % columns) * (side + gap.x);
    const y = top - Math.floor(index / columns) * (side + gap.y);
    layout[`xaxis${axis}`].domain = [x / room.x, Math.min(1, (x + side) / room.x)];
    layout[`yaxis${axis}`].domain = [Math.max(0, (y - side) / room.y), y / room.y];
    if (plain) for (const letter of "xy") Object.assign(layout[`${letter}axis${axis}`], { showticklabels: false, ticks: "" });
  });
  layout.xaxis.domain = [0, (left - beside) / room.x];
  layout.yaxis.domain = [0, 1];
  layout.annotations = titlesThatFit([layout.annotations, short], { size, family, room: side });
  Object.assign(layout, { margin, width, height });
  return side;
}

// How high a page's figure of n panels is: two of them beside each other are as large as the width allows, in a window
// that shows them at once (two rows: nearly).
function pageHeight(n, { width, size, windowHeight }) {
  const rows = Math.ceil(n / 2);
  const { l, r, t, b } = inPixels(STAGE_MARGIN, size);
  const side = ((1 - ON_PAGE.curves) * (width - l - r) - (NAMES + 2) * size) / 2;
  const wanted = rows * side + (rows - 1) * STAGE_GAP.yPlain * size + t + b;
  return Math.round(Math.min(wanted, Math.max(18 * size, (0.35 + 0.25 * rows) * windowHeight)));
}

function inPixels(lengths, size) {
  return Object.fromEntries(Object.entries(lengths).map(([side, em]) => [side, em * size]));
}

// In how many rows n panels are largest; where that is nearly the same, in two, which leave curves more room.
function largest(n, room, gap, width) {
  const found = [1, 2].map((rows) => {
    const columns = Math.ceil(n / rows);
    const side = Math.min((width - (columns - 1) * gap.x) / columns, (room.y - (rows - 1) * gap.y) / rows);
    return { rows, columns, side };
  });
  return n > 2 && found[1].side > 0.85 * found[0].side ? found[1] : found[0];
}

// All titles of one size, and none smaller than the other words: rather the shorter ones.
function titlesThatFit(kinds, { size, family, room }) {
  const fits = (notes, big) => notes.every((note) => panelTitle(note, { size: big, family, room }).font.size >= big);
  const notes = kinds.find((each) => fits(each, size)) ?? kinds.at(-1);
  const big = fits(notes, 1.15 * size) ? 1.15 * size : size;
  return notes.map((note) => ({ ...note, font: { ...note.font, size: big } }));
}

// How much room what stands beside the curves takes, in pixels.
function besideCurves(names, size, family) {
  return 1.5 * size + widest(names, `${size}px ${family}`);
}

function widest(texts, font) {
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = font;
  return Math.max(0, ...texts.map((text) => ruler.measureText(text.trim()).width));
}
