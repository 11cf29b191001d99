// One stop of the strength slider: a run as Python packed it, see `regdash.figures.explore.strength`.

const COLUMNS = ["train_accuracy", "train_accuracy_dropout_on", "val_accuracy", "train_loss", "val_loss", "flipped"];

// The stop that a piece holds: the length of a JSON text, the text, and the rest, deflated.
async function stopOf(piece) {
  const length = new DataView(piece.buffer, piece.byteOffset).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(piece.subarray(4, 4 + length)));
  const packed = new Blob([piece.subarray(4 + length)]).stream();
  const rest = await new Response(packed.pipeThrough(new DecompressionStream("deflate"))).arrayBuffer();
  return new Stop(header, rest);
}

class Stop {
  constructor({ epochs, side, points, last, fresh, best }, rest) {
    Object.assign(this, { epochs, side, points, last, fresh: fresh ?? NaN, best });
    this.cells = side * side;
    this.surfaces = added(new Uint8Array(rest, 0, epochs.length * this.cells), side);
    const start = this.surfaces.length;
    this.wrong = new Uint8Array(rest, start, epochs.length * Math.ceil(points / 8));
    this.curves = new Float32Array(rest.slice(start + this.wrong.length)); // a copy, since floats must be aligned
  }

  // Which of the epochs is nearest to this one.
  slot(epoch) {
    const distances = this.epochs.map((kept) => Math.abs(kept - epoch));
    return distances.indexOf(Math.min(...distances));
  }

  levels(epoch) {
    const slot = this.slot(epoch);
    return this.surfaces.subarray(slot * this.cells, (slot + 1) * this.cells);
  }

  wrongAt(epoch) {
    const start = this.slot(epoch) * Math.ceil(this.points / 8);
    return Array.from({ length: this.points }, (_, i) => (this.wrong[start + (i >> 3)] >> (i & 7)) & 1);
  }

  // A value an epoch.
  curve(column) {
    const row = COLUMNS.indexOf(column);
    return this.curves.subarray(row * this.last, (row + 1) * this.last);
  }

  // The same as `ScoreTable` has it of the settings' own runs.
  get scores() {
    const [train, validation, memorised] = ["train_accuracy", "val_accuracy", "flipped"].map((name) => this.curve(name));
    return { train, validation, memorised, fresh: this.fresh };
  }
}

// Levels from their differences, in place: added up along both axes, modulo 256.
function added(levels, side) {
  for (let i = 0; i < levels.length; i += 1) if (i % side) levels[i] += levels[i - 1];
  for (let i = 0; i < levels.length; i += 1) if (i % (side * side) >= side) levels[i] += levels[i - side];
  return levels;
}
