// The epoch slider. Its steps are epochs, of which not all are kept; it leads to kept ones only.

class EpochSlider {
  // `seek` is called with the position to go to.
  constructor(input, seek) {
    this.input = input;
    this.dragged = false; // by a pointer: until it lets go, the thumb stays under it
    input.onpointerdown = () => (this.dragged = true);
    input.onpointerup = input.onpointercancel = input.onchange = input.onkeydown = () => this.release();
    input.oninput = () => seek(this.reached(Number(input.value)));
  }

  show(frames, position, text) {
    Object.assign(this, { frames, position, text });
    [this.input.min, this.input.max] = [frames.epochs[0], frames.last];
    if (!this.dragged) this.input.value = Math.round(frames.epochAt(position));
    this.input.setAttribute("aria-valuetext", text);
  }

  // The position that an epoch means. A key's step that is too short for the next kept epoch goes there all the same.
  reached(epoch) {
    const nearest = this.frames.nearest(epoch);
    if (this.dragged || nearest !== this.position) return nearest;
    return this.position + Math.sign(epoch - this.frames.epochAt(this.position));
  }

  release() {
    this.dragged = false;
    if (this.frames) this.show(this.frames, this.position, this.text);
  }
}
