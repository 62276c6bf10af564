// Nothing is redrawn under a finger. A click is the same thing pressed and let go: were it drawn
// anew in between, the press would go nowhere.

let held = null; // the pointer that presses something
let clicking = false; // it was let go, and its click is on its way
const waiting = [];

addEventListener('pointerdown', press, true);
for (const name of ['pointerup', 'pointercancel']) addEventListener(name, letGo, true);
addEventListener('pointermove', (event) => !event.buttons && letGo(event), true);
addEventListener('blur', (event) => event.target === window && letGo({ pointerId: held }), true);

function press(event) {
  if (event.isPrimary && event.button === 0) held = event.pointerId;
}

function letGo({ pointerId }) {
  if (held === null || pointerId !== held) return;
  held = null;
  clicking = true;
  setTimeout(catchUp); // the click comes before any timer
}

function catchUp() {
  clicking = false;
  while (held === null && waiting.length) {
    try {
      waiting.shift()();
    } catch (error) {
      reportError(error);
    }
  }
}

/** Change what is drawn: now, or once nothing is being pressed; in the order asked for. */
export function whenFree(change) {
  if (held !== null || clicking || waiting.length) waiting.push(change);
  else change();
}
