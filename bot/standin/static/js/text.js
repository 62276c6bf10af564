// A parsed text as document nodes. Built node by node: no HTML is ever parsed.

import { el } from './dom.js';
import { icon } from './icons.js';
import { parse } from './markdown.js';
import { openUserMenu } from './menus.js';
import { colourOf, cssColour, nameOf } from './names.js';
import { goTo, jumpTarget, link } from './navigation.js';
import { isOnlyEmoji, plainText } from './plain.js';
import { state } from './state.js';
import { formatTime, stamp } from './times.js';

/**
 * Render a text with Discord's markdown.
 * @param {string} text as it came in the payload
 * @param {{large?: boolean}} options `large`: emoji alone are shown large
 * @returns {HTMLElement}
 */
export function richText(text, { large = false } = {}) {
  const box = el('div.text', { dir: 'auto' }, parse(text).map(node));
  if (large && isOnlyEmoji(text)) box.classList.add('jumbo');
  return box;
}

const RENDER = {
  text: (n) => n.text,
  code: (n) => el('code', {}, n.text),
  fence: (n) => el('pre', {}, el('code', {}, n.text)),
  bold: (n) => el('strong', {}, n.children.map(node)),
  italic: (n) => el('em', {}, n.children.map(node)),
  underline: (n) => el('u', {}, n.children.map(node)),
  strike: (n) => el('s', {}, n.children.map(node)),
  heading: (n) => el(`h${n.level}`, { dir: 'auto' }, n.children.map(node)),
  subtext: (n) => el('small.subtext', { dir: 'auto' }, n.children.map(node)),
  quote: (n) => el('blockquote', { dir: 'auto' }, n.children.map(node)),
  time: (n) => stamp(n.seconds, n.style),
  emoji: (n) => `:${n.name}:`,
  command: (n) => el('span.mention', {}, `/${n.name}`),
  everyone: (n) => el('span.mention', {}, n.name),
  spoiler,
  list,
  link: renderLink,
  user,
  role,
  channel,
};

const node = (n) => RENDER[n.kind](n);

function spoiler(n) {
  const inside = el('span', { 'aria-hidden': 'true' }, n.children.map(node));
  const reveal = (event) => {
    if (event.type === 'keydown' && !['Enter', ' '].includes(event.key)) return;
    if (box.classList.contains('shown')) return;
    event.preventDefault();
    box.classList.add('shown');
    box.removeAttribute('role');
    box.removeAttribute('aria-label');
    inside.removeAttribute('aria-hidden');
  };
  const attributes = { role: 'button', tabindex: '0', 'aria-label': 'Spoiler: press to show' };
  // Capturing, so that a link under the cover is not followed by the press that lifts it.
  const box = el('span.spoiler', attributes, inside);
  box.addEventListener('click', reveal, { capture: true });
  box.addEventListener('keydown', reveal, { capture: true });
  return box;
}

function list(n) {
  const root = el('ul.list');
  const open = [root];
  for (const item of n.items) {
    while (open.length > item.level + 1) open.pop();
    while (open.length <= item.level) {
      const deeper = el('ul.list');
      (open.at(-1).lastElementChild ?? open.at(-1)).append(deeper);
      open.push(deeper);
    }
    const line = el('li', { dir: 'auto', value: item.number }, item.children.map(node));
    if (item.number !== null) line.classList.add('numbered');
    open.at(-1).append(line);
  }
  return root;
}

function renderLink(n) {
  const target = n.bare && jumpTarget(n.url);
  if (!target) return link(n.url, {}, ...n.children.map(node));
  const name = state.channels.get(target.channel)?.name ?? 'unknown';
  const message = target.message && [' › ', icon('speech', 14)];
  return link(n.url, { class: 'mention' }, `#${name}`, message);
}

function user(n) {
  const open = (event) => openUserMenu(event, n.id);
  return el('button.mention', { on: { click: open, contextmenu: open } }, `@${nameOf(n.id)}`);
}

function role(n) {
  const known = state.roles.get(n.id);
  const style = known?.color ? { '--mention': cssColour(known.color) } : {};
  return el('span.mention', { style }, `@${known?.name ?? 'deleted-role'}`);
}

function channel(n) {
  const known = state.channels.get(n.id);
  if (!known) return el('span.mention.unknown', {}, '# No Access');
  return el('button.mention', { on: { click: () => goTo(n.id) } }, `#${known.name}`);
}

const DESCRIBE = {
  user: (n) => `@${nameOf(n.id)}`,
  role: (n) => `@${state.roles.get(n.id)?.name ?? 'deleted-role'}`,
  channel: (n) => `#${state.channels.get(n.id)?.name ?? 'unknown'}`,
  time: (n) => formatTime(n.seconds * 1000, n.style),
  emoji: (n) => `:${n.name}:`,
  command: (n) => `/${n.name}`,
  everyone: (n) => n.name,
};

/** A text in one line of plain words. */
export function oneLine(text) {
  const words = plainText(parse(text), (n) => DESCRIBE[n.kind](n));
  return words.replace(/\s+/g, ' ').trim().slice(0, 200);
}

/** A user's name in their role's colour, kept from mixing with the text around it. */
export function nameTag(userId, tag = 'bdi.name') {
  const colour = colourOf(userId);
  return el(tag, { style: colour ? { color: colour } : {} }, nameOf(userId));
}
