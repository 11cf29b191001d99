// Brings stops of the strength slider from Python to the picture, and asks Python for those that the picture lacks.

// Milliseconds: until it looks again for a picture that is not there yet; until it asks for more, since of two parts of a
// page that ask at the same moment Streamlit 1.67 draws one; after which it asks again if nothing came.
const [SOON, APART, SILENCE] = [200, 60, 6000];
const suppliers = new Places();

export default function regdashSupply({ data, parentElement, setTriggerValue }) {
  const [supplier, leave] = suppliers.at(parentElement, () => new Supplier());
  supplier.tell = (wish) => setTriggerValue("wish", wish);
  supplier.show(data);
  return leave;
}

class Supplier {
  constructor() {
    this.hear = () => this.wait(0);
    document.addEventListener("regdash-wish", this.hear); // the visitor has chosen another control
  }

  get strength() {
    return document.querySelector(".regdash-picture")?.picture?.strength;
  }

  show(message) {
    const length = new DataView(message.buffer, message.byteOffset).getUint32(0, true);
    const header = JSON.parse(new TextDecoder().decode(message.subarray(4, 4 + length)));
    if (header.id) this.strength?.receive(header, message.subarray(4 + length));
    this.wait(header.again);
  }

  wait(after) {
    clearTimeout(this.timer);
    if (after !== null) this.timer = setTimeout(() => this.ask(), Math.max(APART, after));
  }

  ask() {
    const { strength } = this;
    if (!strength?.told) return void this.wait(SOON);
    const wish = strength.wish();
    if (!wish) return undefined;
    this.tell(wish);
    return void this.wait(SILENCE);
  }

  close() {
    clearTimeout(this.timer);
    document.removeEventListener("regdash-wish", this.hear);
  }
}
