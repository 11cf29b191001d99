// What Python sent, decoded: the kept epochs, and for each of them every arm's surface and misclassified points.

function bytes(base64) {
  const characters = atob(base64);
  const values = new Uint8Array(characters.length); // a plain loop: Uint8Array.from takes 30 ms for a picture
  for (let i = 0; i < values.length; i += 1) values[i] = characters.charCodeAt(i);
  return values;
}

// What Python sent in one piece, see `message` there: a length, a JSON text of that length, the surfaces.
function unpacked(message) {
  const length = new DataView(message.buffer, message.byteOffset).getUint32(0, true);
  const data = JSON.parse(new TextDecoder().decode(message.subarray(4, 4 + length)));
  data.frames.surface = message.subarray(4 + length);
  return data;
}

const floats = (base64) => new Float32Array(bytes(base64).buffer);

// A position is the index of a frame; while playing it lies between two.
class Frames {
  constructor({ epochs, last, side, points, half, probability, surface, wrong }) {
    Object.assign(this, { epochs, last, side, points, half });
    this.probability = floats(probability); // of class 1, for each of the 256 levels
    this.surface = surface; // arms × frames × side × side levels; from 128 on the class is 1
    this.wrong = bytes(wrong); // arms × frames × points, as bits
  }

  get lastFrame() {
    return this.epochs.length - 1;
  }

  // The epoch at a position: a kept one at a whole position.
  epochAt(position) {
    const before = Math.floor(position);
    const after = Math.min(before + 1, this.lastFrame);
    return this.epochs[before] + (position - before) * (this.epochs[after] - this.epochs[before]);
  }

  // The position at an epoch: epochAt turned around.
  positionAt(epoch) {
    const after = this.epochs.findIndex((kept) => kept >= epoch);
    if (after <= 0) return after && this.lastFrame;
    const start = this.epochs[after - 1];
    return after - 1 + (epoch - start) / (this.epochs[after] - start);
  }

  nearest(epoch) {
    const distances = this.epochs.map((kept) => Math.abs(kept - epoch));
    return distances.indexOf(Math.min(...distances));
  }

  // side × side levels of one frame, row 0 at the bottom.
  levels(arm, frame) {
    const size = this.side * this.side;
    const start = (arm * this.epochs.length + frame) * size;
    return this.surface.subarray(start, start + size);
  }

  // What is painted at a position: a blend of the frames before and after it.
  blend(arm, position) {
    const before = Math.floor(position);
    const first = this.levels(arm, before);
    const second = this.levels(arm, Math.min(before + 1, this.lastFrame));
    return { first, second, mix: position - before, side: this.side };
  }

  // Levels as rows of probabilities, for Plotly.
  rows(levels) {
    const shares = Float32Array.from(levels, (level) => this.probability[level]);
    return Array.from({ length: this.side }, (_, row) => shares.subarray(row * this.side, (row + 1) * this.side));
  }

  // 1 for each point that the arm gets wrong, else 0.
  wrongAt(arm, frame) {
    const start = (arm * this.epochs.length + frame) * Math.ceil(this.points / 8);
    return Array.from({ length: this.points }, (_, i) => (this.wrong[start + (i >> 3)] >> (i & 7)) & 1);
  }
}
