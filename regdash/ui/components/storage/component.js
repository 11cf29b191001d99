// A JSON value under a name in the browser's own storage. Until Python has a value, the browser tells what it holds; from
// then on it keeps what Python says. Where storage is forbidden (some private windows), it holds nothing and keeps nothing.

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
  if (data.text === null) setStateValue("held", held(data.name) || "null");
  else keep(data.name, data.text);
}
