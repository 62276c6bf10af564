// The first steps of somebody who has not been here, each ticked off once they have done it.

import { byId, el } from './dom.js';
import { on, state } from './state.js';

const kept = () => `guide-${state.guild.id}`;

function done() {
  try {
    return new Set(JSON.parse(localStorage.getItem(kept()) ?? '[]'));
  } catch {
    return new Set();
  }
}

function draw() {
  const ticked = done();
  const left = state.guide.filter((step) => !ticked.has(step.act));
  byId('guide').hidden = left.length === 0;
  byId('guide').replaceChildren(
    ...state.guide.map((step) =>
      el(
        ticked.has(step.act) ? 'li.done' : 'li',
        step === left[0] ? { 'aria-current': 'step' } : {},
        step.words,
      ),
    ),
  );
}

function did(act) {
  if (!state.guide.some((step) => step.act === act)) return;
  localStorage.setItem(kept(), JSON.stringify([...done(), act]));
  draw();
}

/** Show the steps that the server has for newcomers; only what the visitor does counts. */
export function startGuide() {
  on('person', () => did('person'));
  document.addEventListener('did', (event) => did(event.detail));
  if (state.guide.length) draw();
}
