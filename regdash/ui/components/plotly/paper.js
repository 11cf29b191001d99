// Printing: before a browser puts the page on paper, figures are drawn anew for its width, and afterwards as they were.

const PAPER = 680; // CSS pixels: less than A4 and US Letter have between their margins

class Paper {
  constructor(redraw) {
    this.printing = false;
    this.stop = new AbortController();
    for (const [event, printing] of [["beforeprint", true], ["afterprint", false]]) {
      const act = () => {
        this.printing = printing;
        redraw();
      };
      window.addEventListener(event, act, { signal: this.stop.signal });
    }
  }

  // The room for a figure: on paper, or what `root` has on the screen.
  room(root) {
    return this.printing ? PAPER : root.clientWidth;
  }

  close() {
    this.stop.abort();
  }
}
