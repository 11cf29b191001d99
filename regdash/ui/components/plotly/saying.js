// What a figure says instead of itself, and when it must be drawn in other colours.

const AGAIN = 5000; // milliseconds after which a picture that could not be drawn tries again by itself

// `figure`, of a class of ours, could not be drawn: it says why, and tries again in a while, since no update may come.
function failed(figure, name, error) {
  figure.say(`The ${name} is not available: ${error.message}. The numbers below still stand.`);
  clearTimeout(figure.again);
  figure.again = setTimeout(() => figure.closed || figure.show(figure.data), AGAIN);
}

// Only what is new: what is said again shall not be read out again, and each text that is written has its surroundings laid
// out again, some 50 times a second in Play.
function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

function tell(message, text) {
  write(message, text);
  message.hidden = !text;
}

// Whether the page has turned from light to dark, or back, since this was last asked of `figure` (a class of ours that
// lasts from one update to the next). Streamlit calls a component again then, with the colours of the mode before.
function modeHasChanged(figure) {
  const mode = getComputedStyle(figure.root).getPropertyValue("--st-background-color");
  const changed = Boolean(figure.mode) && figure.mode !== mode;
  figure.mode = mode;
  return changed;
}
