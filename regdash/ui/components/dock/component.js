// Controls of settings. They speak when the visitor moves one, and else follow what Python says.
//
// A setting with stops is a slider over them, one without (a seed) a number with a button down and one up.

const docks = new Places();

export default function regdashDock({ data, parentElement, setTriggerValue }) {
  const [dock, leave] = docks.at(parentElement, () => new Dock(parentElement.querySelector(".regdash-dock"), data.count));
  dock.tell = (move) => setTriggerValue("moved", move);
  dock.show(data);
  return leave;
}

class Dock {
  constructor(root, count) {
    this.root = root;
    root.dock = this; // presenter mode's keys move its controls
    this.count = count; // of the visitor's moves, each of which Python acknowledges
    this.controls = [];
  }

  show({ sliders, count }) {
    if (String(sliders.map(({ name }) => name)) !== String(this.controls.map(({ name }) => name))) {
      this.controls = sliders.map((slider, place) => new (slider.texts.length ? Slider : Stepper)(this, slider, place + 1));
      this.root.replaceChildren(...this.controls.map(({ box }) => box));
    }
    for (const [place, slider] of sliders.entries()) {
      // What Python says is old while a later move is on its way, or a finger is on the thumb.
      const control = this.controls[place];
      control.know(slider);
      if (count >= this.count && !control.held) control.at = slider.at;
      control.read();
    }
  }

  moved({ name, at }) {
    this.count += 1;
    this.tell({ name, at, count: this.count });
  }

  // One step up or down, of the control at a place.
  nudge(place, step) {
    const control = this.controls[place];
    if (!control) return;
    const before = control.at;
    control.at = Math.max(control.low, Math.min(control.at + step, control.high));
    control.read();
    if (control.at !== before) this.moved(control);
  }
}

// Name, value, and the key that moves it where keys do.
function head(box, { label }, place) {
  const [title, key, value] = ["span", "kbd", "b"].map((tag) => document.createElement(tag));
  key.textContent = place;
  title.append(key, label);
  box.className = "control";
  box.append(title, value);
  return value;
}

class Slider {
  constructor(dock, slider, place) {
    const { name, label } = slider;
    this.name = name;
    this.box = document.createElement("label");
    this.value = head(this.box, slider, place);
    const input = Object.assign(document.createElement("input"), { type: "range", name, min: 0, step: 1, ariaLabel: label });
    this.box.append(input);
    this.input = input;
    input.onpointerdown = () => (this.held = true);
    input.onpointerup = input.onpointercancel = () => (this.held = false);
    input.oninput = () => this.read();
    input.onchange = () => {
      this.held = false;
      dock.moved(this);
    };
  }

  know({ texts }) {
    this.texts = texts;
    this.input.max = this.high = texts.length - 1;
    this.low = 0;
  }

  get at() {
    return Number(this.input.value);
  }

  set at(at) {
    this.input.value = at;
  }

  read() {
    const text = this.texts[this.at];
    this.value.textContent = text;
    this.input.setAttribute("aria-valuetext", text);
  }
}

class Stepper {
  constructor(dock, slider, place) {
    this.name = slider.name;
    this.box = Object.assign(document.createElement("div"), { role: "group", ariaLabel: slider.label });
    this.value = head(this.box, slider, place);
    this.value.setAttribute("role", "status");
    const pair = Object.assign(document.createElement("span"), { className: "pair" });
    for (const [sign, step, word] of [["−", -1, "down"], ["+", 1, "up"]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: sign });
      button.ariaLabel = `${slider.label} ${word}`;
      button.onclick = () => dock.nudge(place - 1, step);
      pair.append(button);
    }
    this.box.append(pair);
  }

  know({ low, high }) {
    Object.assign(this, { low, high });
  }

  read() {
    this.value.textContent = this.at;
  }
}
