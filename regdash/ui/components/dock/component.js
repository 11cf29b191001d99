// Sliders of settings. They speak when the visitor moves one, and else follow what Python says.

const docks = new WeakMap();

export default function regdashDock({ data, parentElement, setTriggerValue }) {
  let dock = docks.get(parentElement);
  if (!dock) {
    dock = new Dock(parentElement.querySelector(".regdash-dock"), data.count);
    docks.set(parentElement, dock);
  }
  dock.tell = (move) => setTriggerValue("moved", move);
  dock.show(data);
  return () => docks.delete(parentElement);
}

class Dock {
  constructor(root, count) {
    this.root = root;
    this.count = count; // of the visitor's moves, each of which Python acknowledges
    this.inputs = new Map();
  }

  show({ sliders, count }) {
    for (const slider of sliders) {
      const input = this.inputs.get(slider.name) ?? this.add(slider);
      input.texts = slider.texts;
      input.max = slider.texts.length - 1;
      // What Python says is old while a later move is on its way, or a finger is on the thumb.
      if (count >= this.count && !input.held) input.value = slider.at;
      this.read(input);
    }
  }

  add({ name, label }) {
    const box = document.createElement("label");
    const title = document.createElement("span");
    title.textContent = label;
    const value = document.createElement("b");
    const input = Object.assign(document.createElement("input"), { type: "range", name, min: 0, step: 1, ariaLabel: label });
    box.append(title, value, input);
    this.root.append(box);
    this.inputs.set(name, input);
    input.onpointerdown = () => (input.held = true);
    input.onpointerup = input.onpointercancel = () => (input.held = false);
    input.oninput = () => this.read(input);
    input.onchange = () => {
      input.held = false;
      this.count += 1;
      this.tell({ name, at: Number(input.value), count: this.count });
    };
    return input;
  }

  read(input) {
    const text = input.texts[Number(input.value)];
    input.previousElementSibling.textContent = text;
    input.setAttribute("aria-valuetext", text);
  }
}
