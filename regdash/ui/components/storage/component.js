// A JSON value under a name in the browser's own storage. Until Python has a value, the browser tells what it holds; from
// then on it keeps what Python says. Where storage is forbidden (some private windows), it holds it as long as the page is open.
//
// Each session has a question of its own: the browser sends what it has told before to a new session, too, as after the
// server's restart, and that may be old by then. Who wants to have it early anyway is told what was kept each time.

const memory = new Map(); // what storage would not take: kept as long as the page is open

function held(name) {
  try {
    return memory.get(name) ?? window.localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function keep(name, text) {
  if (text === held(name)) return;
  try {
    window.localStorage.setItem(name, text);
    memory.delete(name);
  } catch {
    memory.set(name, text); // forbidden or full
  }
}

export default function regdashStorage({ data, setStateValue }) {
  if (data.text !== null) {
    const before = held(data.name);
    keep(data.name, data.text);
    if (!data.early || before === data.text) return;
  } else if (data.first !== null && !held(data.name)) keep(data.name, data.first); // before another tab can do so
  setStateValue("held", { asked: data.asked, text: held(data.name) || "null" });
}
