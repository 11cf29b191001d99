// The strength slider: it goes through all stops of one control of the settings, in the browser alone. Let go, it tells
// Python where it stands.
//
// Between two stops there is a blend while the thumb moves; wherever it rests, a real run is shown. Stops that are not
// there yet are drawn hollow, and said to be.

const STILL = 120; // milliseconds without a move after which a thumb that is held counts as resting
const REMEMBERED = 4; // settings whose stops are kept
const LEAP = 5; // stops, for Page Up and Page Down
const MELT = 6; // seconds for one play along all stops at speed 1
const KEYS = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: LEAP, PageDown: -LEAP, Home: -1e9, End: 1e9 };

class Strength {
  // `moved` is called when something else is to be shown, `release` with a move for Python.
  constructor(root, { moved, release, speed }) {
    Object.assign(this, { root, moved, release, speed });
    [this.input, this.choice, this.button] = ["input", "select", "button"].map((name) => root.querySelector(name));
    this.stores = new Map(); // by id: by stop, by arm: a `Stop`
    this.value = 0; // where the thumb is
    this.held = false; // by a pointer or a key
    this.choice.onchange = () => this.choose(this.choice.value);
    this.button.onclick = () => (this.playing ? this.end() : this.play());
    this.input.onpointerdown = () => this.grasp();
    this.input.oninput = () => this.drag(Number(this.input.value));
    this.input.onkeydown = (event) => this.press(event);
    this.input.onkeyup = this.input.onpointerup = this.input.onpointercancel = this.input.onblur = () => this.letGo();
    this.input.onchange = () => this.letGo();
  }

  // What Python says: the settings' sliders, and how many of the visitor's moves it knows of. Null: there is none.
  show(told) {
    this.root.hidden = !told;
    this.told = told;
    if (!told) return;
    this.count ??= told.count; // of the visitor's moves, each of which Python acknowledges
    const options = told.sliders.map(({ name, label }) => Object.assign(document.createElement("option"), { value: name, textContent: label }));
    this.choice.replaceChildren(...options);
    const chosen = told.sliders.find(({ name }) => name === this.chosen);
    this.slider = chosen ?? told.sliders.find(({ name }) => name === told.use);
    this.choice.value = this.slider.name;
    // What Python says is old while a later move is on its way, or somebody holds the thumb.
    if (told.count >= this.count && !this.held && !this.playing) this.value = this.slider.at;
    this.value = Math.min(this.value, this.last);
    this.draw();
  }

  get last() {
    return this.slider.texts.length - 1;
  }

  get store() {
    return this.stores.get(this.slider.id) ?? new Map();
  }

  get moves() {
    return this.held || Boolean(this.playing);
  }

  get active() {
    return Boolean(this.told) && this.value !== this.slider.at;
  }

  // Another control: as the settings have it, until its slider is moved.
  choose(name) {
    this.pause();
    this.chosen = name;
    this.slider = this.told.sliders.find((slider) => slider.name === name);
    this.value = this.slider.at;
    this.draw();
    this.moved();
    document.dispatchEvent(new CustomEvent("regdash-wish"));
  }

  // What the browser lacks, for Python; null if nothing.
  wish() {
    const { name, id } = this.slider;
    return this.store.complete ? null : { name, id, have: [...this.store.keys()] };
  }

  // Stops have come: `parts` says whose they are, and how long each is in `bytes`.
  async receive({ id, note, again, parts }, bytes) {
    let start = 0;
    const pieces = parts.map(({ size }) => bytes.subarray(start, (start += size)));
    const stops = await Promise.all(pieces.map(stopOf));
    const store = this.stores.get(id) ?? new Map();
    this.stores.delete(id); // to be the youngest
    this.stores.set(id, store);
    if (this.stores.size > REMEMBERED) this.stores.delete(this.stores.keys().next().value);
    parts.forEach(({ stop, keys }, i) => {
      if (!store.has(stop)) store.set(stop, new Map());
      keys.forEach((key) => store.get(stop).set(key, stops[i]));
    });
    store.complete = again === null;
    this.root.querySelector(".note").textContent = note;
    this.draw();
    if (this.active) this.moved();
  }

  // What an arm shows: null: the settings' own run. Else the two stops around the thumb, how far it is between them, and
  // the nearest one of those that are there, which may be none.
  of(key) {
    if (!this.active || !this.slider.keys.includes(key)) return null;
    const [below, above, nearest] = [Math.floor, Math.ceil, Math.round].map((to) => this.store.get(to(this.value))?.get(key));
    if (!nearest && Math.round(this.value) === this.slider.at) return null; // that run is there all the same
    if (below && above) return { below, above, mix: this.value - Math.floor(this.value), nearest };
    return { below: nearest, above: nearest, mix: 0, nearest };
  }

  // The epoch nearest to this one that the stops hold; null if none is there.
  nearestEpoch(epoch) {
    const stop = this.active && this.of(this.slider.keys[0])?.nearest;
    return stop ? stop.epochs[stop.slot(epoch)] : null;
  }

  grasp() {
    this.pause();
    this.held = true;
  }

  // By a pointer anywhere; by other means, such as a screen reader's, to the next stop at least.
  drag(value) {
    if (this.held) return this.to(value);
    const stop = Math.round(value) === this.value ? this.value + Math.sign(value - this.value) : Math.round(value);
    return this.to(stop);
  }

  press(event) {
    const step = KEYS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    this.grasp();
    this.to(Math.round(this.value) + step);
  }

  to(value) {
    const still = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    const inside = Math.max(0, Math.min(this.last, value));
    this.value = still ? Math.round(inside) : inside;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.rest(), STILL);
    this.due ??= requestAnimationFrame(() => {
      this.due = null;
      if (this.told) this.moved();
    });
  }

  // A thumb that stands still shows the truth.
  rest() {
    if (this.playing || this.value === Math.round(this.value)) return;
    this.value = Math.round(this.value);
    this.moved();
  }

  letGo() {
    this.held = false;
    if (!this.told || this.playing) return;
    clearTimeout(this.timer);
    this.value = Math.round(this.value);
    this.input.value = this.value;
    const { name, at, id } = this.slider;
    const moving = this.sent?.id === id && this.count > this.told.count ? this.sent.at : at; // where Python will be
    if (this.value !== moving) {
      this.count += 1;
      this.sent = { id, at: this.value };
      this.release({ name, at: this.value, count: this.count });
    }
    this.moved();
  }

  play() {
    if (this.value >= this.last) this.value = 0;
    this.playing = true;
    this.mark();
    let previous = null;
    let exact = this.value;
    const step = (now) => {
      exact = Math.min(this.last, exact + ((now - (previous ?? now)) / 1000) * (this.speed() * this.last) / MELT);
      previous = now;
      this.to(exact);
      if (exact >= this.last) this.end();
      else this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  // Stop, at a stop, and tell Python.
  end() {
    this.pause();
    this.letGo();
  }

  pause() {
    this.playing = false;
    cancelAnimationFrame(this.frame);
    this.mark();
  }

  mark() {
    this.button.setAttribute("aria-label", this.playing ? "Pause" : "Play along the strength");
    this.button.querySelector("path").setAttribute("d", this.playing ? "M3 2h4v12H3zM9 2h4v12H9z" : "M4 2l10 6-10 6z");
  }

  // Thumb and ticks: a filled tick is a stop that is there.
  draw() {
    const { texts, at } = this.slider;
    this.input.max = this.last;
    this.input.setAttribute("aria-label", this.slider.label);
    if (!this.held) this.input.value = this.value;
    const ticks = texts.map((_, stop) => {
      const tick = document.createElement("i");
      tick.className = stop === at || this.store.has(stop) ? "there" : "";
      return tick;
    });
    this.root.querySelector(".ticks").replaceChildren(...ticks);
  }

  // What stands beside the slider, and is read out: the value, and the numbers of a network that it moves.
  readOut(epoch) {
    if (!this.told) return;
    if (!this.held) this.input.value = this.value;
    const stop = Math.round(this.value);
    const text = this.slider.texts[stop];
    const shown = this.active && this.of(this.slider.keys.at(-1));
    const lacks = Boolean(shown) && !shown.nearest;
    write(this.root.querySelector(".reached"), lacks ? `${text}: not trained yet` : text);
    const there = this.store.get(stop)?.get(this.slider.keys.at(-1));
    const numbers = there ? `: ${spoken(there.scores, epoch)}` : lacks ? ": not trained yet" : "";
    this.input.setAttribute("aria-valuetext", text + numbers);
  }

  close() {
    this.told = null;
    this.playing = false;
    cancelAnimationFrame(this.frame);
    clearTimeout(this.timer);
  }
}

function spoken({ train, validation, fresh }, epoch) {
  const parts = { train: train[epoch - 1], validation: validation[epoch - 1], "fresh data": fresh };
  return Object.entries(parts).map(([name, share]) => `${name} ${percent(share)}`).join(", ");
}
