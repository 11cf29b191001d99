// A figure as an image that stands alone: with the sentence that the page has above it, the settings, and the key.
//
// An image cannot load the page's own font. So all is measured, and drawn, in one that every system has.

const PNG_FONT = "Arial, Helvetica, sans-serif";
const PNG_SCALE = 2; // pixels of the image for one of the page
const PNG_EDGE = 12; // pixels of the page around head and key

// The figure, made as high as its legend needs, with plot areas as high as `plotHeight`: as an image's address and size.
async function figureImage(Plotly, { data, layout }, plotHeight) {
  const plot = document.createElement("div");
  plot.className = "regdash-offscreen";
  document.body.append(plot);
  try {
    await Plotly.newPlot(plot, structuredClone(data), structuredClone(layout), { staticPlot: true });
    let { height } = layout;
    for (let attempt = 0; attempt < 3 && plotHeight - plot._fullLayout._size.h > 1; attempt += 1) {
      height += plotHeight - plot._fullLayout._size.h;
      await Plotly.relayout(plot, { height });
    }
    const { width } = layout;
    const figure = { data, layout: { ...layout, height } };
    return { url: await Plotly.toImage(figure, { format: "png", scale: PNG_SCALE, width, height }), width, height };
  } finally {
    Plotly.purge(plot);
    plot.remove();
  }
}

class Sheet {
  // `size` is that of ordinary text, `ink` and `paper` are colours.
  constructor(width, { size, ink, paper }) {
    Object.assign(this, { width, size, ink, paper, y: PNG_EDGE, parts: [] });
    this.context = document.createElement("canvas").getContext("2d");
  }

  // Text, broken into lines.
  text(words, { bold = false, scale = 1 } = {}) {
    const font = `${bold ? 600 : 400} ${scale * this.size}px ${PNG_FONT}`;
    this.context.font = font;
    for (const line of brokenLines(this.context, words, this.width - 2 * PNG_EDGE)) {
      const y = this.y;
      this.parts.push((context) => {
        context.font = font;
        context.fillStyle = this.ink;
        context.fillText(line, PNG_EDGE, y);
      });
      this.y += 1.3 * scale * this.size;
    }
  }

  // An image, as wide as the sheet.
  image(image, height) {
    const y = this.y;
    this.parts.push((context) => context.drawImage(image, 0, y, this.width, height));
    this.y += height;
  }

  // Entries of a key, in rows: each has a width, and draws itself at a place.
  row(entries, height) {
    let x = PNG_EDGE;
    for (const { width, draw } of entries) {
      if (x > PNG_EDGE && x + width > this.width - PNG_EDGE) [x, this.y] = [PNG_EDGE, this.y + height];
      const [left, top] = [x, this.y];
      this.parts.push((context) => draw(context, left, top));
      x += width + this.size;
    }
    this.y += height;
  }

  // The whole as a PNG, handed to the visitor as a file.
  async save(filename) {
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(PNG_SCALE * this.width);
    canvas.height = Math.round(PNG_SCALE * (this.y + PNG_EDGE));
    const context = canvas.getContext("2d");
    context.fillStyle = this.paper;
    context.fillRect(0, 0, canvas.width, canvas.height);
    context.scale(PNG_SCALE, PNG_SCALE);
    context.textBaseline = "top";
    for (const draw of this.parts) draw(context);
    const link = document.createElement("a");
    const png = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
    Object.assign(link, { href: window.URL.createObjectURL(png), download: `${filename}.png` });
    link.click();
    setTimeout(() => window.URL.revokeObjectURL(link.href), 60_000); // some browsers fetch it only after the click
  }
}

function brokenLines(context, words, room) {
  const lines = [""];
  for (const word of words.split(" ")) {
    const longer = `${lines.at(-1)} ${word}`.trimStart();
    if (lines.at(-1) && context.measureText(longer).width > room) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

async function decoded(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
