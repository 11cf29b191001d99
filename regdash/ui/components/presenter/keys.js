// Which key does what. None is taken from a control that has the focus, nor with Ctrl, Alt or Meta.

// One row a key as the help sheet lists it: its name there, what it does, `event.key` in small letters, and the action.
const KEYS = [
  { shown: "Page Down", does: "next step; with a class, its next button", keys: ["pagedown"], action: "next" },
  { shown: "Page Up", does: "one step back", keys: ["pageup"], action: "previous" },
  { shown: "F5", does: "back to the first step", keys: ["f5"], action: "first" },
  { shown: "B", does: "blank the screen, and show it again", keys: ["b", "."], action: "blank" },
  { shown: "Space", does: "play or pause the training", keys: [" "], action: "play" },
  { shown: "← →", does: "one epoch step back, or forward", keys: ["arrowleft", "arrowdown"], action: "back" },
  { keys: ["arrowright", "arrowup"], action: "forward" },
  { shown: "1 2 3", does: "a control below the picture up; with Shift down", codes: ["Digit1", "Digit2", "Digit3"], action: "control" },
  { shown: "N", does: "new seed", keys: ["n"], action: "seed" },
  { shown: "P", does: "presenter mode on and off", keys: ["p"], action: "turn", always: true },
  { shown: "Esc", does: "leave presenter mode", keys: ["escape"], action: "leave" },
  { shown: "?", does: "this list", keys: ["?"], action: "help", always: true },
];
// Whoever has the focus here reads keys: a text, a slider's thumb, a list, one of several choices.
const READS_KEYS = [
  "input, textarea, select, iframe, dialog, audio, video, [contenteditable]:not([contenteditable='false'])",
  ...["slider", "spinbutton", "textbox", "searchbox", "combobox", "listbox", "option", "radio", "tab", "menu", "menuitem"].map(
    (role) => `[role=${role}]`,
  ),
  ...["tree", "grid", "scrollbar", "application", "dialog", "alertdialog"].map((role) => `[role=${role}]`),
].join();
const IS_PRESSED = "button, a[href], summary, [role=button], [role=link], [role=checkbox], [role=switch]";
const HAS_ARROWS = ".modebar-btn"; // they move what is zoomed

// The row that a key press means, or undefined. `on` says whether presenter mode is.
function meaning(event, on) {
  if (event.defaultPrevented || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return undefined;
  const key = event.key.toLowerCase();
  const row = KEYS.find(({ keys, codes }) => keys?.includes(key) || codes?.includes(event.code));
  if (!row || !(on || row.always)) return undefined;
  if (event.shiftKey && !["control", "help"].includes(row.action)) return undefined; // Shift+F5 is the browser's
  return isTaken(event.composedPath()[0], row.action) ? undefined : row;
}

function isTaken(target, action) {
  if (!target?.closest) return false;
  if (target.closest(READS_KEYS)) return true;
  if (action === "play" && target.closest(IS_PRESSED)) return true;
  return ["back", "forward"].includes(action) && Boolean(target.closest(HAS_ARROWS));
}
