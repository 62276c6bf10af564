// One message, drawn.

import { component } from './components.js';
import { el } from './dom.js';
import { embed } from './embed.js';
import { icon } from './icons.js';
import { attachment } from './media.js';
import { emojiKey, openMessageMenu, openUserMenu, react } from './menus.js';
import { appBadge, avatar, callsMe, nameOf } from './names.js';
import { goTo } from './navigation.js';
import { compareIds, dismiss, emit, EPHEMERAL, LOADING, state } from './state.js';
import { nameTag, oneLine, richText } from './text.js';
import { dayOf, messageTime } from './times.js';

const TOGETHER = 7 * 60_000; // messages closer than this share one head
const COMMAND = 20;
const REPLY = 19;
const STARTER = 21;
const PINNED = 6;
const LONG_PRESS = 500;
const STIRRED = 10; // pixels; less is no move of the finger

/**
 * Draw a message.
 * @param {object} message as it came in the payload
 * @param {object|undefined} before the message above it
 */
export function drawMessage(message, before) {
  const starts = !follows(message, before);
  const parts = [
    referenceOf(message),
    starts ? head(message) : gutterTime(message),
    el('div.body', { id: `body-${message.id}` }, body(message)),
    foot(message),
  ];
  const element = el('article.message', { id: `message-${message.id}`, tabindex: '-1' }, parts);
  element.setAttribute(
    'aria-labelledby',
    starts ? `head-${message.id} body-${message.id}` : `body-${message.id}`,
  );
  element.dataset.id = message.id;
  element.dataset.answers = message.message_reference?.message_id ?? '';
  element.classList.toggle('starts', starts);
  element.classList.toggle('ephemeral', Boolean(message.flags & EPHEMERAL));
  element.classList.toggle('calls-me', callsMe(message));
  element.addEventListener('contextmenu', (event) => menuUnlessLink(event, message));
  onLongPress(element, (event) => openMessageMenu(event, message));
  return element;
}

function isSystem(message) {
  return message.type === PINNED || message.type === STARTER;
}

/** Whether a message has no head of its own: it shares the one above it, or names who did it. */
export function follows(message, before) {
  if (isSystem(message)) return true;
  return Boolean(
    before &&
    !isSystem(before) &&
    before.author.id === message.author.id &&
    !hasReference(message) &&
    (before.flags & EPHEMERAL) === (message.flags & EPHEMERAL) &&
    dayOf(before.timestamp) === dayOf(message.timestamp) &&
    new Date(message.timestamp) - new Date(before.timestamp) < TOGETHER,
  );
}

const hasReference = (message) => [REPLY, COMMAND, STARTER].includes(message.type);

function menuUnlessLink(event, message) {
  if (event.target.closest('a[target]') || event.pointerType === 'touch') return;
  openMessageMenu(event, message);
}

function onLongPress(element, pressed) {
  let timer = 0;
  let from = null;
  const cancel = (event) => {
    if (event.pointerId === from?.pointerId) clearTimeout(timer);
  };
  element.addEventListener('pointerdown', (event) => {
    if (event.pointerType !== 'touch') return;
    from = event;
    const held = { currentTarget: element, clientX: event.clientX, clientY: event.clientY };
    timer = setTimeout(() => pressed({ ...held, preventDefault: () => {} }), LONG_PRESS);
  });
  for (const name of ['pointerup', 'pointercancel', 'pointerleave']) {
    element.addEventListener(name, cancel);
  }
  element.addEventListener('pointermove', (event) => {
    // No finger holds quite still.
    if (from && Math.hypot(event.clientX - from.clientX, event.clientY - from.clientY) > STIRRED)
      cancel(event);
  });
  element.addEventListener('contextmenu', (event) => {
    if (event.pointerType === 'touch') event.preventDefault();
  });
}

// Above the message: what it answers, or which command it came from

function referenceOf(message) {
  if (message.type === COMMAND && message.interaction_metadata) return commandLine(message);
  if (message.type !== REPLY && message.type !== STARTER) return null;
  const answered = currentVersion(message);
  if (!answered) return el('div.reference', {}, el('em', {}, 'Original message was deleted'));
  const go = () => goTo(answered.channel_id, answered.id);
  return el(
    'div.reference',
    {},
    avatar(answered.author.id, 16),
    answered.author.bot && appBadge(),
    nameTag(answered.author.id),
    el('button.excerpt', { dir: 'auto', on: { click: go } }, excerptOf(answered)),
  );
}

function currentVersion(message) {
  const ref = message.message_reference;
  const known = state.messages.get(ref?.channel_id ?? message.channel_id)?.get(ref?.message_id);
  return known ?? message.referenced_message;
}

function commandLine(message) {
  const user = message.interaction_metadata.user;
  const name = message.interaction?.name ?? message.interaction_metadata.name ?? '';
  return el(
    'div.reference',
    {},
    avatar(user.id, 16),
    nameTag(user.id),
    ' used ',
    el('span.command', {}, message.interaction_metadata.type === 2 ? `/${name}` : name),
  );
}

/** A message in one line of plain words. */
export function excerptOf(message) {
  const text = oneLine(message.content || firstText(message.components));
  if (text) return text;
  if (message.embeds?.length) return message.embeds[0].title || 'Click to see embed';
  return 'Click to see message';
}

function firstText(components = []) {
  for (const part of components) {
    const text = part.type === 10 ? part.content : firstText(part.components);
    if (text) return text;
  }
  return '';
}

// The message itself

function head(message) {
  const id = message.author.id;
  const open = (event) => openUserMenu(event, id);
  const name = el('button.author', { on: { click: open, contextmenu: open } }, nameTag(id));
  const face = el(
    'button.face',
    { tabindex: '-1', 'aria-hidden': 'true', on: { click: open } },
    avatar(id),
  );
  return [
    face,
    el(
      'h3.head',
      { id: `head-${message.id}` },
      name,
      message.author.bot && appBadge(),
      el(
        'time',
        { datetime: message.timestamp, title: new Date(message.timestamp).toLocaleString() },
        messageTime(message.timestamp),
      ),
    ),
  ];
}

function gutterTime(message) {
  return el('time.gutter', { 'aria-hidden': 'true' }, messageTime(message.timestamp).slice(-5));
}

function body(message) {
  if (message.flags & LOADING) return thinking(message);
  if (isSystem(message)) return systemLine(message);
  const shown = JSON.stringify([message.components, message.embeds]);
  const loose = message.attachments.filter((a) => !shown.includes(JSON.stringify(a.url)));
  return [
    message.failed && el('p.failed', {}, icon('warning', 16), message.failed),
    message.content && content(message),
    loose.map(attachment),
    message.embeds.map(embed),
    el(
      'div.components',
      {},
      message.components.map((c) => component(c, message)),
    ),
  ];
}

function systemLine(message) {
  const did =
    message.type === PINNED
      ? ' pinned a message to this channel.'
      : ' started a thread from this message.';
  return el('p.system', {}, el('b', {}, nameOf(message.author)), did);
}

function thinking(message) {
  const dots = el('span.dots', { 'aria-hidden': 'true' }, el('i'), el('i'), el('i'));
  return el('p.thinking', {}, dots, `${nameOf(message.author)} is thinking…`);
}

function content(message) {
  const text = richText(message.content, { large: true });
  if (message.edited_timestamp) {
    const title = new Date(message.edited_timestamp).toLocaleString();
    text.append(el('small.edited', { title }, ' (edited)'));
  }
  return text;
}

// Below the message

function foot(message) {
  const failure = state.failures.get(message.id);
  return [
    failure && el('p.failed', { role: 'alert' }, icon('warning', 16), failure),
    message.reactions?.length > 0 && reactions(message),
    message.thread && threadChip(message.thread),
    message.flags & EPHEMERAL ? onlyYou(message) : null,
  ];
}

function reactions(message) {
  return el(
    'div.reactions',
    {},
    message.reactions.map((r) => reaction(r, message)),
  );
}

function reaction(r, message) {
  const label = `${r.emoji.name} reaction, ${r.count} ${r.count === 1 ? 'person' : 'people'}`;
  const give = () => react(message, emojiKey(r.emoji));
  const attributes = {
    'aria-label': label,
    'aria-pressed': String(r.me),
    data: { emoji: r.emoji.name },
    on: { click: give },
  };
  return el(
    'button.reaction',
    attributes,
    el('span.emoji', {}, r.emoji.name),
    el('b', {}, String(r.count)),
  );
}

function threadChip(thread) {
  const known = state.channels.get(thread.id) ?? thread;
  const count = known.message_count ?? 0;
  const words = `${count} ${count === 1 ? 'Message' : 'Messages'} ›`;
  const go = () => goTo(thread.id);
  return el(
    'button.thread-chip',
    { on: { click: go } },
    el('strong', {}, known.name),
    el('span', {}, words),
  );
}

function onlyYou(message) {
  const away = () => {
    dismiss(message);
    emit('focus-composer');
  };
  return el(
    'p.only-you',
    {},
    icon('eye', 16),
    'Only you can see this',
    ' • ',
    el('button.linklike', { on: { click: away } }, 'Dismiss message'),
  );
}

/** The message above another in the same channel. */
export function messageBefore(channel, id) {
  let before;
  for (const message of state.messages.get(channel)?.values() ?? []) {
    if (compareIds(message.id, id) >= 0) break;
    before = message;
  }
  return before;
}
