// The picture before a room: as wide and high as the screen leaves it, curves at the left, boundaries as large as they get.

const CURVES_SHARE = 0.28; // of the width, that curves have at least
const STAGE_GAP = { x: 3.1, y: 3.2, yPlain: 2 }; // em between panels: numbers and the next one's title, or the title alone
const SPACIOUS = 66; // em
const STAGE_MARGIN = { l: 4.4, r: 0.4, t: 2, b: 3 }; // em

// `layout`, changed in place for a figure of `width` by `height` CSS pixels with text of `size`; returns a panel's side.
// `names` stand at the ends of the curves, `short` are shorter titles.
function toStage(layout, { names, short, width, height, size, family }) {
  const panels = layout.annotations.map((_, index) => index + 2); // numbers of their axes
  const margin = Object.fromEntries(Object.entries(STAGE_MARGIN).map(([side, em]) => [side, em * size]));
  const room = { x: width - margin.l - margin.r, y: height - margin.t - margin.b };
  const named = 1.5 * size + widest(names, `${size}px ${family}`);
  const plain = panels.length > 2 || width < SPACIOUS * size; // numbers at each panel would take what panels need
  const gap = { x: (plain ? 1 : STAGE_GAP.x) * size, y: (plain ? STAGE_GAP.yPlain : STAGE_GAP.y) * size };
  const { rows, columns, side } = largest(panels.length, room, gap, (1 - CURVES_SHARE) * room.x - named - STAGE_GAP.x * size);
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
  layout.xaxis.domain = [0, (left - named - (plain ? 1 : STAGE_GAP.x) * size) / room.x];
  layout.yaxis.domain = [0, 1];
  layout.annotations = titlesThatFit([layout.annotations, short], { size, family, room: side });
  Object.assign(layout, { margin, showlegend: false, width, height });
  return side;
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

function widest(texts, font) {
  const ruler = document.createElement("canvas").getContext("2d");
  ruler.font = font;
  return Math.max(0, ...texts.map((text) => ruler.measureText(text.trim()).width));
}
