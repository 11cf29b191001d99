// A link to take along: its text, a button that copies it, and its code for phones, small and as large as the screen.

const shares = new Places();

export default function regdashShare({ data, parentElement, setStateValue }) {
  const [share, leave] = shares.at(parentElement, () => {
    const made = new Share(parentElement.querySelector(".regdash-share"));
    if (data.epochs) made.tellEpoch(data, (epoch) => setStateValue("epoch", epoch));
    return made;
  });
  share.show(data);
  return leave;
}

class Share {
  constructor(root) {
    this.root = root;
    this.input = root.querySelector("input");
    this.status = root.querySelector("[role=status]");
    this.dialog = root.querySelector("dialog");
    this.input.onfocus = () => this.input.select();
    root.querySelector(".copy").onclick = () => this.copy();
    root.querySelector(".enlarge").onclick = () => this.dialog.showModal(); // Esc closes it
    root.querySelector(".close").onclick = () => this.dialog.close();
  }

  // The picture's epoch is the browser's own; 0 after the last one, where a picture stands that nobody has moved.
  tellEpoch({ epochs, known }, tell) {
    const picture = document.querySelector(".regdash-picture")?.picture;
    const epoch = picture?.frames ? Math.round(picture.epoch) : epochs;
    const told = epoch >= epochs ? 0 : epoch;
    if (told !== (known ?? 0)) tell(told);
  }

  show({ link, code }) {
    if (this.input.value !== link) this.status.textContent = "";
    this.input.value = link;
    this.root.querySelector(".small").innerHTML = code; // drawn by our own server, of lines only
    this.root.querySelector(".close").innerHTML = code;
    for (const part of [".small", ".enlarge"]) this.root.querySelector(part).hidden = !code;
  }

  // Browsers have a clipboard on https and on this machine only; elsewhere the old way, and at last the visitor's hands.
  async copy() {
    let copied;
    try {
      await navigator.clipboard.writeText(this.input.value);
      copied = true;
    } catch {
      this.input.focus();
      this.input.select();
      copied = document.execCommand("copy");
    }
    this.status.textContent = copied ? "Copied" : "Press Ctrl+C: the link is marked";
  }
}
