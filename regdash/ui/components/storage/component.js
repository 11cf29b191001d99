// A JSON value under a name in the browser's own storage. Until Python has a value, the browser tells what it holds; from
// then on it keeps what Python says. Where storage is forbidden (some private windows), it holds nothing and keeps nothing.
//
// Each session has a question of its own: the browser sends what it has told before to a new session, too, as after the
// server's restart, and that may be old by then.

function held(name) {
  try {
    return window.localStorage.getItem(name) ?? "";
  } catch {
    return "";
  }
}

function keep(name, text) {
  try {
    if (text !== held(name)) window.localStorage.setItem(name, text);
  } catch {
    // forbidden or full: the session still has it
  }
}

export default function regdashStorage({ data, setStateValue }) {
  if (data.text !== null) {
    keep(data.name, data.text);
    return;
  }
  if (data.first !== null && !held(data.name)) keep(data.name, data.first); // before another tab can do so
  setStateValue("held", { asked: data.asked, text: held(data.name) || "null" });
}
