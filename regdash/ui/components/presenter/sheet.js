// The help sheet: all keys, and which controls stand below the picture.

class HelpSheet {
  // `choose` is called with the controls that the visitor has chosen.
  constructor(dialog, choose) {
    Object.assign(this, { dialog, choose });
    dialog.querySelector("tbody").replaceChildren(...KEYS.filter(({ shown }) => shown).map(keyRow));
    dialog.onclick = ({ target }) => {
      if (target === dialog) dialog.close(); // beside the sheet
    };
  }

  get isOpen() {
    return this.dialog.open;
  }

  show({ offered, chosen, most }) {
    this.chosen = chosen;
    const box = this.dialog.querySelector(".controls");
    const names = Object.keys(offered);
    box.hidden = names.length === 0;
    box.querySelector("legend").textContent = `Controls below the picture, at most ${most}`;
    if (String(names) !== String(this.names)) {
      box.replaceChildren(box.querySelector("legend"), ...names.map((name) => this.choice(name, offered[name])));
      this.names = names;
    }
    for (const input of box.querySelectorAll("input")) {
      input.checked = chosen.includes(input.name);
      input.disabled = !input.checked && chosen.length >= most;
    }
  }

  choice(name, label) {
    const box = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "checkbox", name });
    input.onchange = () => this.choose([...this.chosen.filter((each) => each !== name), ...(input.checked ? [name] : [])]);
    box.append(input, label);
    return box;
  }

  open() {
    this.dialog.showModal();
    this.dialog.querySelector(".close").focus();
  }
}

function keyRow({ shown, does }) {
  const row = document.createElement("tr");
  const [key, what] = [document.createElement("th"), document.createElement("td")];
  key.scope = "row";
  key.textContent = shown;
  what.textContent = does;
  row.append(key, what);
  return row;
}
