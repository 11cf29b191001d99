// Presenter mode: the button that turns it on, its bar, its keys, the blank screen and the help sheet.
//
// The browser turns it on and off at once and tells Python, whose next figures come in the projector's colours.

const WIDE_ENOUGH = 640; // CSS pixels: a phone that opens a presenter's link shows the page as it is
const presenters = new Places();

export default function regdashPresenter({ data, parentElement, setTriggerValue }) {
  const [presenter, leave] = presenters.at(parentElement, () => new Presenter(parentElement.querySelector(".regdash-presenter")));
  presenter.tell = setTriggerValue;
  presenter.show(data);
  return leave;
}

class Presenter {
  constructor(root) {
    this.root = root;
    this.count = 0; // of the visitor's turns, each of which Python acknowledges
    const style = document.createElement("style");
    root.append(style);
    this.scenes = new Scenes(style, (at, n) => this.say(at, n));
    this.sheet = new HelpSheet(this.find(".sheet"), (chosen) => this.choose(chosen));
    this.blank = this.find(".blank");
    const press = { enter: "turn", leave: "leave", previous: "previous", next: "next", help: "help" };
    for (const [name, action] of Object.entries(press)) this.find(`.${name}`).onclick = (event) => this.pressed(event, action);
    this.stop = new AbortController();
    document.addEventListener("keydown", (event) => this.key(event), { signal: this.stop.signal });
    document.addEventListener("pointerup", () => this.letGo(), { signal: this.stop.signal });
  }

  find(selector) {
    return this.root.querySelector(selector);
  }

  get on() {
    return this.scenes.on;
  }

  show(data) {
    this.data = data;
    this.scenes.name(data.scenes);
    this.sheet.show(data);
    if (data.count < this.count) return; // what Python says is old while a later turn is on its way
    this.count = Math.max(this.count, data.count);
    if (data.on && window.innerWidth < WIDE_ENOUGH) this.turn(false);
    else this.be(data.on);
  }

  be(on) {
    this.scenes.turn(on);
    this.scenes.soon();
    this.find(".enter").hidden = on;
    this.find(".bar").hidden = !on;
    if (!on && this.blank.open) this.blank.close();
  }

  turn(on) {
    this.be(on);
    this.count += 1;
    this.tell("turned", { on, count: this.count });
  }

  choose(chosen) {
    this.sheet.show({ ...this.data, chosen });
    this.tell("chosen", chosen);
  }

  say(at, n) {
    const where = n > 1 ? `${at + 1} of ${n}` : "";
    if (this.find(".where").textContent !== where) this.find(".where").textContent = where;
    this.find(".steps").hidden = n < 2;
    // Not `disabled`: a button with the focus would lose it.
    this.find(".previous").setAttribute("aria-disabled", String(at === 0));
    this.find(".next").setAttribute("aria-disabled", String(at >= n - 1));
  }

  // A button that a pointer has pressed gives the keys back.
  pressed(event, action) {
    if (event.detail > 0) event.currentTarget.blur();
    this.act(action);
  }

  // So does what a pointer has moved or pressed: a clicker must go on working, and Space not press it once more.
  letGo() {
    const held = document.activeElement;
    if (!this.on || !held?.matches("input[type=range], button")) return;
    setTimeout(() => {
      held.blur();
      document.dispatchEvent(new CustomEvent("regdash-let-go"));
    });
  }

  key(event) {
    if (this.sheet.isOpen) return;
    if (this.blank.open) {
      if (meaning({ ...copy(event), composedPath: () => [] }, true)) this.wake(event);
      return;
    }
    const row = meaning(event, this.on);
    if (!row) return;
    event.preventDefault();
    if (row.action === "control") this.nudge(row.codes.indexOf(event.code), event.shiftKey ? -1 : 1);
    else this.act(row.action);
  }

  wake(event) {
    event.preventDefault();
    this.blank.close();
  }

  act(action) {
    const { scenes } = this;
    const acts = {
      turn: () => this.turn(!this.on),
      leave: () => this.turn(false),
      next: () => (scenes.there.length ? scenes.go(scenes.at + 1) : goOn()),
      previous: () => (scenes.there.length ? scenes.go(scenes.at - 1) : scroll(-1)),
      first: () => scenes.go(0),
      help: () => this.sheet.open(),
      blank: () => this.black(),
      seed: () => document.querySelector(".st-key-new_seed button:enabled")?.click(),
      play: () => picture()?.querySelector(".play:enabled")?.click(),
      back: () => picture()?.querySelector(".back").click(),
      forward: () => picture()?.querySelector(".forward").click(),
    };
    acts[action]();
  }

  // A modal dialog takes the page from readers, too, and says why.
  black() {
    picture()?.picture.pause();
    this.blank.showModal();
  }

  nudge(place, step) {
    document.querySelector(".regdash-dock")?.dock?.nudge(place, step);
  }

  close() {
    this.stop.abort();
    this.scenes.close();
  }
}

// A page without scenes has a way on of its own, as a class that votes has; or it goes on below.
function goOn() {
  const way = document.querySelector('[class*="st-key-class_step_"] [data-testid="stBaseButton-primary"]:enabled');
  if (way) way.click();
  else scroll(1);
}

function scroll(screens) {
  const main = document.querySelector('[data-testid="stMain"]');
  main.scrollBy(0, 0.8 * screens * main.clientHeight);
}

// The picture on the screen: a lesson's page has others that wait for their turn.
function picture() {
  return [...document.querySelectorAll(".regdash-picture")].find((root) => root.clientWidth > 0);
}

function copy({ key, code, ctrlKey, altKey, metaKey, shiftKey }) {
  return { key, code, ctrlKey, altKey, metaKey, shiftKey };
}
