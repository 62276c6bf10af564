// Menus of a message and of a person: a pointer's context menu, a phone's sheet of actions.

import { confirmDelete } from './dialogs.js';
import { el, isPhone, toast } from './dom.js';
import { openEmojiPicker, RECENT } from './emoji.js';
import { icon } from './icons.js';
import { isOffered, may, MAY, nameOf, roleNameOf, rolesOf, avatar } from './names.js';
import { closePopup, openPopup, rove } from './popup.js';
import { addLocal, act, dismiss, emit, EPHEMERAL, state } from './state.js';

const MESSAGE_COMMAND = 3;
const USER_COMMAND = 2;

/** Open the menu of a message, at the pointer or as a sheet. */
export function openMessageMenu(event, message) {
  event.preventDefault();
  const anchor = event.currentTarget;
  openMenu(event, anchor, [quickReactions(message, anchor), ...messageItems(message, anchor)]);
}

function messageItems(message, anchor) {
  if (message.flags & EPHEMERAL) {
    return [
      item('Dismiss message', 'close', () => dismiss(message)),
      copyId(message.id, 'Message'),
    ];
  }
  const mine = message.author.id === state.me;
  return [
    may(MAY.addReactions) &&
      item('Add reaction', 'react', () => openEmojiPicker(anchor, (e) => react(message, e))),
    mine && item('Edit message', 'pencil', () => emit('edit', message)),
    canSend() && item('Reply', 'reply', () => emit('reply', message)),
    ...apps(MESSAGE_COMMAND, { message: message.id }),
    message.content && item('Copy text', 'copy', () => copy(message.content)),
    item('Copy message link', 'copy', () => copy(linkTo(message))),
    copyId(message.id, 'Message'),
    (mine || may(MAY.manageMessages)) &&
      item('Delete message', 'bin', () => confirmDelete(message), 'danger'),
  ];
}

const canSend = () => may(MAY.sendMessages);

const linkTo = (message) =>
  `https://discord.com/channels/${state.guild.id}/${message.channel_id}/${message.id}`;

/** Open the menu of a person: who they are, and the apps' commands on them. */
export function openUserMenu(event, userId) {
  event.preventDefault();
  event.stopPropagation();
  const card = el(
    'div.profile',
    {},
    avatar(userId, 48),
    el('strong', {}, nameOf(userId)),
    el('span', {}, state.users.get(userId)?.username ?? ''),
    el(
      'span.roles',
      {},
      rolesOf(userId).map((role) => el('span.role', {}, role.name)),
    ),
    rolesOf(userId).length === 0 && el('span', {}, roleNameOf(userId)),
  );
  openMenu(event, event.currentTarget, [
    card,
    item('Mention', 'at', () => emit('mention', userId)),
    ...apps(USER_COMMAND, { target: userId }),
    copyId(userId, 'User'),
  ]);
}

function apps(type, target) {
  const offered = state.commands.filter((c) => c.type === type && isOffered(c));
  if (offered.length === 0) return [];
  const app = nameOf(offered[0].application_id ?? '');
  const items = offered.map((command) =>
    item(command.name, 'apps', () => runContext(command, target), '', app),
  );
  return [el('div.menu-title', { role: 'presentation' }, 'Apps'), ...items, el('hr')];
}

async function runContext(command, target) {
  const outcome = await act('context', { channel: state.current, name: command.name, ...target });
  settle(outcome, command.name);
}

/** Show what became of a command: its modal, or that nobody answered. */
export function settle(outcome, name) {
  if (!outcome) return;
  if (outcome.modal) emit('modal', outcome);
  if (!outcome.late) return;
  const bot = [...state.users.values()].find((user) => user.bot);
  addLocal({
    author: bot,
    failed: 'The application did not respond',
    interaction_metadata: { type: 2, name, user: state.users.get(state.me) },
    interaction: { name, type: 2, user: state.users.get(state.me) },
    type: 20,
  });
}

function quickReactions(message, anchor) {
  if (message.flags & EPHEMERAL || !may(MAY.addReactions)) return null;
  const buttons = RECENT.slice(0, isPhone() ? 5 : 4).map((emoji) =>
    el(
      'button',
      { 'aria-label': `React with ${emoji}`, on: { click: () => chosen(emoji) } },
      emoji,
    ),
  );
  const chosen = (emoji) => {
    closePopup();
    react(message, emoji);
    anchor.focus?.();
  };
  return el('div.quick-reactions', {}, buttons);
}

/** Add a reaction, or take it back if the person has given it already. */
export function react(message, emoji) {
  const given = message.reactions?.find((r) => emojiKey(r.emoji) === emoji)?.me;
  return act(given ? 'unreact' : 'react', {
    channel: message.channel_id,
    message: message.id,
    emoji,
  });
}

/** An emoji as Discord's addresses name it. */
export const emojiKey = (emoji) => (emoji.id ? `${emoji.name}:${emoji.id}` : emoji.name);

function item(label, drawing, chosen, kind = '', hint = '') {
  const choose = () => {
    closePopup();
    chosen();
  };
  const inside = [el('span.label', {}, label, hint && el('small', {}, hint)), icon(drawing, 18)];
  return el('button.menu-item', { role: 'menuitem', class: kind, on: { click: choose } }, inside);
}

const copyId = (id, what) => item(`Copy ${what.toLowerCase()} ID`, 'copy', () => copy(id));

async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast('Copied.');
  } catch {
    toast(text); // no right to the clipboard: at least it can be read and selected
  }
}

function openMenu(event, anchor, parts) {
  const menu = el('div.menu', { role: 'menu' }, parts);
  const first = menu.querySelector('.menu-item');
  first?.setAttribute('autofocus', '');
  rove(menu, '.menu-item, .quick-reactions button');
  const byPointer = event.type !== 'keydown' && (event.clientX || event.clientY);
  const point = byPointer ? { x: event.clientX, y: event.clientY } : undefined;
  openPopup(menu, { anchor, point });
}
