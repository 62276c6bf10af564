// The small bar over the message under the pointer or with the focus, and the message's keys.

import { confirmDelete } from './dialogs.js';
import { el, isPhone } from './dom.js';
import { openEmojiPicker, RECENT } from './emoji.js';
import { icon } from './icons.js';
import { openMessageMenu, react } from './menus.js';
import { may, MAY } from './names.js';
import { emit, EPHEMERAL, state } from './state.js';

/**
 * Give a list of messages its bar and keys.
 * @param {HTMLElement} list holds elements with a data-id
 * @param {(id: string) => object|undefined} find a message by id
 */
export function addToolbar(list, find) {
  const show = (event) => {
    const element = event.target.closest?.('.message');
    const message = element && find(element.dataset.id);
    if (!message || isPhone() || element.querySelector(':scope > .toolbar')) return;
    list.querySelector('.toolbar')?.remove();
    if (!(message.flags & EPHEMERAL)) element.append(toolbar(message, element));
  };
  list.addEventListener('pointerover', show);
  list.addEventListener('focusin', show);
  list.addEventListener('keydown', (event) => {
    const element = event.target;
    const message = element.classList.contains('message') && find(element.dataset.id);
    if (message) keyPressed(event, message, element);
  });
}

function toolbar(message, element) {
  const mine = message.author.id === state.me;
  const buttons = [
    ...(may(MAY.addReactions) ? reactButtons(message, element) : []),
    mine && tool('Edit', 'pencil', () => emit('edit', message)),
    may(MAY.sendMessages) && !mine && tool('Reply', 'reply', () => emit('reply', message)),
    tool('More', 'dots', (event) => openMessageMenu(event, message)),
  ];
  return el('div.toolbar', { role: 'group', 'aria-label': 'Message actions' }, buttons);
}

function reactButtons(message, element) {
  const quick = RECENT.slice(0, 3).map((emoji) =>
    el(
      'button.tool.emoji',
      { 'aria-label': `React with ${emoji}`, on: { click: () => react(message, emoji) } },
      emoji,
    ),
  );
  const add = (event) =>
    openEmojiPicker(event.currentTarget, (emoji) => {
      react(message, emoji);
      element.focus();
    });
  return [...quick, tool('Add reaction', 'react', add)];
}

function tool(label, drawing, pressed) {
  return el(
    'button.tool',
    { 'aria-label': label, title: label, on: { click: pressed } },
    icon(drawing),
  );
}

const KEYS = {
  r: (message) => may(MAY.sendMessages) && emit('reply', message),
  e: (message) => message.author.id === state.me && emit('edit', message),
  '+': (message, element) => openEmojiPicker(element, (emoji) => react(message, emoji)),
  Delete: (message) => mayDelete(message) && confirmDelete(message),
  Backspace: (message) => mayDelete(message) && confirmDelete(message),
};

const mayDelete = (message) => message.author.id === state.me || may(MAY.manageMessages);

function keyPressed(event, message, element) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (
    event.key === 'ContextMenu' ||
    (event.key === 'F10' && event.shiftKey) ||
    event.key === 'Enter'
  ) {
    openMessageMenu(
      { type: 'keydown', currentTarget: element, preventDefault: () => event.preventDefault() },
      message,
    );
  } else if (KEYS[event.key] && !(message.flags & EPHEMERAL)) {
    event.preventDefault();
    KEYS[event.key](message, element);
  }
}
