// Puts the page together.

import { byId, el, toast } from './dom.js';
import { startComposer } from './composer.js';
import { icon } from './icons.js';
import { startGuide } from './guide.js';
import { startLog } from './log.js';
import { startModals } from './modal.js';
import { goTo, place, remember } from './navigation.js';
import { startSidebar } from './sidebar.js';
import { become, emit, on, show, state } from './state.js';
import { keepTimesLive } from './times.js';

const CATEGORY = 4;

function firstChannel() {
  const readable = [...state.channels.values()].filter((c) => c.type !== CATEGORY);
  return readable.sort((a, b) => (a.position ?? 0) - (b.position ?? 0))[0]?.id ?? '';
}

async function enter(user) {
  const { message } = place();
  try {
    await become(user);
  } catch (error) {
    byId('fatal').hidden = false;
    byId('fatal').textContent = error.message;
    return;
  }
  byId('fatal').hidden = true;
  const wanted = place().channel || (state.channels.has(state.current) ? state.current : '');
  show(wanted || firstChannel());
  remember({ message });
  if (message && wanted) await goTo(wanted, message);
}

function moved() {
  const { user, channel, message } = place();
  const me = state.users.get(state.me);
  if (user && user !== me?.username && user !== state.me) return enter(user);
  if (channel && channel !== state.current) show(channel);
  if (message) emit('jump', message);
  return undefined;
}

function showViolation(text) {
  const close = el(
    'button.tool',
    { 'aria-label': 'Hide this', on: { click: () => line.remove() } },
    icon('close', 16),
  );
  const line = el(
    'p',
    { role: 'alert' },
    el('span', {}, `Discord would refuse this: ${text}`),
    close,
  );
  byId('violations').append(line);
  while (byId('violations').children.length > 3) byId('violations').firstChild.remove();
}

function startConnectionLine() {
  on('connection', (live) => {
    byId('connection').hidden = live;
  });
  on('reload', () => location.reload());
  on('violation', showViolation);
}

for (const spot of document.querySelectorAll('[data-icon]')) {
  spot.prepend(icon(spot.dataset.icon, 24));
}
startSidebar();
startLog();
startComposer();
startModals();
startConnectionLine();
keepTimesLive();
addEventListener('popstate', moved);
addEventListener('unhandledrejection', (event) =>
  toast(String(event.reason?.message ?? event.reason)),
);
on('person', (id) => enter(id));
on('structure', () => {
  if (!state.channels.has(state.current)) show(firstChannel());
});
await enter(place().user);
if (state.guide) startGuide();
document.body.dataset.ready = 'yes';
