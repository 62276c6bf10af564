// The list of messages: only what changed is redrawn, and the reader keeps their place.

import { announce, byId, el } from './dom.js';
import { drawMessage, excerptOf, follows, messageBefore } from './message.js';
import { avatar, nameOf } from './names.js';
import { compareIds, forgetOldest, on, readOlder, state, THREAD_TYPES } from './state.js';
import { dayOf } from './times.js';
import { addToolbar } from './toolbar.js';
import { lastRead, markRead } from './unread.js';

const NEAR = 120; // closer to the bottom than this counts as at the bottom
const scroller = byId('scroller');
const list = byId('messages');
let newFrom = ''; // the first message not yet read when the channel was opened
let reading = false;

/** Start the list; it follows the state from here on. */
export function startLog() {
  on('current', drawAll);
  on('message', changed);
  on('structure', drawUnknown);
  on('jump', jump);
  on('typing', showTyping);
  addToolbar(list, (id) => known().get(id));
  list.addEventListener('keydown', moveByKey);
  scroller.addEventListener('scroll', scrolled, { passive: true });
  const follow = new ResizeObserver(() => stuck && toBottom());
  follow.observe(list);
  follow.observe(scroller);
  byId('to-present').addEventListener('click', () => toBottom());
  document.addEventListener('visibilitychange', () => isAtBottom() && read());
}

const known = () => state.messages.get(state.current) ?? new Map();
const elementOf = (id) => document.getElementById(`message-${id}`);
const isAtBottom = () => scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < NEAR;

let stuck = true; // follow the bottom until the reader scrolls up
let lastTop = 0;
let missed = 0; // messages that came while the reader was further up

function toBottom() {
  setTop(scroller.scrollHeight);
  stuck = true;
}

/** Scroll by the page's own doing; what the reader does next is measured from there. */
function setTop(top) {
  scroller.scrollTop = top;
  lastTop = scroller.scrollTop;
}

function scrolled() {
  // What grows above or below is not the reader's doing: only a way up lets go of the bottom.
  if (isAtBottom()) stuck = true;
  else if (scroller.scrollTop < lastTop) stuck = false;
  lastTop = scroller.scrollTop;
  if (stuck) missed = 0;
  drawPresent();
  if (stuck) read();
  if (scroller.scrollTop < 200) older();
}

function drawPresent() {
  byId('to-present').hidden = stuck;
  byId('to-present').textContent = missed
    ? `${missed} new ${missed === 1 ? 'message' : 'messages'} ↓`
    : 'Jump To Present';
}

function read() {
  if (document.visibilityState === 'visible') markRead(state.current);
}

async function older() {
  if (reading || state.complete.has(state.current)) return;
  reading = true;
  const channel = state.current;
  const fromBottom = scroller.scrollHeight - scroller.scrollTop;
  const any = await readOlder(channel).finally(() => {
    reading = false;
  });
  if (channel !== state.current) return;
  drawOlder();
  if (stuck) toBottom();
  else if (any) setTop(scroller.scrollHeight - fromBottom);
}

function drawAll() {
  const before = lastRead(state.current);
  newFrom = [...known().keys()].find((id) => before && compareIds(id, before) > 0) ?? '';
  drawList();
  byId('typing').textContent = '';
  toBottom();
  missed = 0;
  drawPresent();
  read();
  if (known().size < 20) older();
}

function drawList() {
  const messages = [...known().values()];
  const drawn = messages.flatMap((message, at) => withDividers(message, messages[at - 1]));
  list.replaceChildren(...top(), ...drawn);
  const last = messages.at(-1);
  if (last) elementOf(last.id).tabIndex = 0;
}

const top = () => (state.complete.has(state.current) ? [beginning()] : []);

/** Put what was read of the past above what is drawn already, which stays untouched. */
function drawOlder() {
  const first = list.querySelector('.message');
  if (!first) {
    drawList();
    return;
  }
  const older = [...known().values()].filter((m) => compareIds(m.id, first.dataset.id) < 0);
  const drawn = older.flatMap((message, at) => withDividers(message, older[at - 1]));
  list.querySelector('.beginning')?.remove();
  list.prepend(...top(), ...drawn);
  const last = older.at(-1);
  if (!last) return;
  const day = list.querySelector(`.divider[data-before="${first.dataset.id}"] span`);
  if (day && dayOf(last.timestamp) === dayOf(known().get(first.dataset.id).timestamp)) {
    (day.nextElementSibling ? day : day.parentElement).remove();
  }
  regroup(first.dataset.id);
}

function withDividers(message, before) {
  const day = !before || dayOf(before.timestamp) !== dayOf(message.timestamp);
  const fresh = message.id === newFrom;
  const parts = [];
  if (day || fresh) parts.push(divider(message, day, fresh));
  parts.push(drawMessage(message, fresh ? undefined : before));
  return parts;
}

function divider(message, day, fresh) {
  const date = new Date(message.timestamp).toLocaleDateString('en-GB', { dateStyle: 'long' });
  return el(
    'div.divider',
    { role: 'separator', class: fresh ? 'new' : '', data: { before: message.id } },
    day && el('span', {}, date),
    fresh && el('strong', {}, 'New'),
  );
}

function beginning() {
  const channel = state.channels.get(state.current);
  if (!channel) return el('p');
  const isThread = THREAD_TYPES.includes(channel.type);
  return el(
    'header.beginning',
    {},
    el('span.mark', { 'aria-hidden': 'true' }, isThread ? '🧵' : '#'),
    el('h2', {}, isThread ? channel.name : `Welcome to #${channel.name}!`),
    el(
      'p',
      {},
      isThread
        ? 'This is the start of the thread.'
        : `This is the start of the #${channel.name} channel.`,
    ),
  );
}

// One message changed

function changed({ channel, id, kind }) {
  if (channel !== state.current) return;
  const bottom = stuck;
  if (kind === 'deleted') remove(id);
  else put(id);
  const next = nextOf(id);
  if (next) regroup(next);
  if (kind !== 'created') {
    for (const answer of list.querySelectorAll(`[data-answers="${id}"]`)) put(answer.dataset.id);
  }
  if (bottom) toBottom();
  if (kind !== 'created') return;
  if (bottom) settleAtBottom(channel);
  else missed += 1;
  drawPresent();
  const message = known().get(id);
  announce(`${nameOf(message.author)}: ${excerptOf(message)}`);
}

/** Draw again what names a channel that was not known yet, such as a thread that just began. */
function drawUnknown() {
  const named = new Set([...list.querySelectorAll('.unknown')].map((it) => it.closest('article')));
  for (const article of named) changed({ channel: state.current, id: article.dataset.id });
}

function settleAtBottom(channel) {
  read();
  if (list.contains(document.activeElement) || !forgetOldest(channel)) return;
  drawList();
  toBottom();
}

function remove(id) {
  const element = elementOf(id);
  if (!element) return;
  const heir =
    element.contains(document.activeElement) &&
    (elementOf(nextOf(id)) ?? element.previousElementSibling);
  const mark = element.previousElementSibling;
  if (mark?.matches('.divider') && !element.nextElementSibling?.matches('.message')) mark.remove();
  element.remove();
  heir?.focus?.();
}

function put(id) {
  const message = known().get(id);
  const before = messageBefore(state.current, id);
  const old = elementOf(id);
  if (old?.querySelector('.editor')) return; // redrawn when the editing ends
  const drawn = drawMessage(message, id === newFrom ? undefined : before);
  if (old) {
    drawn.tabIndex = old.tabIndex;
    keepPlace(old, drawn);
    return;
  }
  const above = before && elementOf(before.id);
  const parts =
    dayOf(before?.timestamp ?? 0) === dayOf(message.timestamp)
      ? [drawn]
      : withDividers(message, before);
  if (above) above.after(...parts);
  else list.append(...parts);
}

/** Put a redrawn message in the old one's place: focus and lifted spoilers stay as they were. */
function keepPlace(old, drawn) {
  const focused = old.contains(document.activeElement) ? document.activeElement : null;
  const lifted = [...old.querySelectorAll('.spoiler')].map((s) => s.classList.contains('shown'));
  const bar = old.querySelector(':scope > .toolbar');
  old.replaceWith(drawn);
  if (bar) drawn.append(bar);
  [...drawn.querySelectorAll('.spoiler')].forEach((s, at) => lifted[at] && s.click());
  if (!focused) return;
  const same =
    focused.dataset.id && drawn.querySelector(`[data-id="${CSS.escape(focused.dataset.id)}"]`);
  const emoji =
    focused.dataset.emoji &&
    drawn.querySelector(`[data-emoji="${CSS.escape(focused.dataset.emoji)}"]`);
  const target = bar?.contains(focused) ? focused : same || emoji || drawn;
  (target.disabled ? drawn : target).focus({ preventScroll: true });
}

const nextOf = (id) => [...known().keys()].find((other) => compareIds(other, id) > 0);

function regroup(id) {
  const element = elementOf(id);
  const starts = !follows(known().get(id), messageBefore(state.current, id));
  if (element && element.classList.contains('starts') !== starts) put(id);
}

// Keys, jumps, typing

function moveByKey(event) {
  if (!event.target.classList.contains('message')) return;
  const all = [...list.querySelectorAll('.message')];
  const at = all.indexOf(event.target);
  const to = { ArrowUp: at - 1, ArrowDown: at + 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined) return;
  event.preventDefault();
  if (to < 0 || to >= all.length) return;
  all[at].tabIndex = -1;
  all[to].tabIndex = 0;
  all[to].focus();
}

function jump(id) {
  if (!elementOf(id)) drawList();
  const element = elementOf(id);
  stuck = false;
  element.scrollIntoView({ block: 'center' });
  element.classList.remove('found');
  requestAnimationFrame(() => element.classList.add('found'));
  element.focus({ preventScroll: true });
}

let typingTimer = 0;

function showTyping({ channel_id: channel, user_id: user }) {
  if (channel !== state.current || user === state.me) return;
  byId('typing').replaceChildren(avatar(user, 16), el('strong', {}, nameOf(user)), ' is typing…');
  clearTimeout(typingTimer);
  typingTimer = setTimeout(() => byId('typing').replaceChildren(), 8000);
}
