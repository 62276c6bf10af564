// Where a message is written: sending, replying, editing, and the way into commands.

import { byId, el, isPhone, toast } from './dom.js';
import { matchingCommands, offeredCommands } from './commands.js';
import { openEmojiPicker } from './emoji.js';
import { icon } from './icons.js';
import { completions, decode, encode } from './mentions.js';
import { may, MAY, nameOf } from './names.js';
import { act, emit, on, state, THREAD_TYPES } from './state.js';
import { CommandEntry, commandFace } from './slash.js';
import { Suggestions } from './suggestions.js';
import { nameTag } from './text.js';

const MOST_CHARACTERS = 2000;
const box = byId('box');
const suggestions = new Suggestions();
let replyTo = null;
let entry = null;
let drafts = new Map(); // channel -> text

/** Start the composer; it follows the state from here on. */
export function startComposer() {
  box.addEventListener('input', typed);
  box.addEventListener('keydown', key);
  box.addEventListener('blur', () => suggestions.hide());
  byId('composer').addEventListener('submit', (event) => {
    event.preventDefault();
    send();
  });
  byId('emoji-button').addEventListener('click', (event) =>
    openEmojiPicker(event.currentTarget, insert),
  );
  byId('apps-button').addEventListener('click', () => setText('/'));
  on('current', changeChannel);
  on('structure', drawRights);
  on('reply', reply);
  on('edit', edit);
  on('mention', (id) => insert(`@${nameOf(id)} `));
  on('focus-composer', () => box.focus());
}

function changeChannel() {
  entry?.end('');
  stopReplying();
  const text = drafts.get(state.current) ?? '';
  box.value = text;
  fit();
  drawRights();
  if (!isPhone()) box.focus({ preventScroll: true });
}

function drawRights() {
  const channel = state.channels.get(state.current);
  const isThread = channel && THREAD_TYPES.includes(channel.type);
  const allowed = may(isThread ? MAY.sendInThreads : MAY.sendMessages);
  box.disabled = !allowed;
  byId('composer').classList.toggle('closed', !allowed);
  for (const id of ['emoji-button', 'apps-button', 'send-button']) byId(id).disabled = !allowed;
  const name = isThread ? `"${channel.name}"` : `#${channel?.name ?? ''}`;
  box.placeholder = allowed
    ? `Message ${name}`
    : 'You do not have permission to send messages in this channel.';
  box.setAttribute('aria-label', box.placeholder);
}

function fit() {
  box.style.height = 'auto';
  box.style.height = `${Math.min(box.scrollHeight, innerHeight / 2)}px`;
  const left = MOST_CHARACTERS - box.value.length;
  byId('count').textContent = left < 200 ? String(left) : '';
  byId('count').classList.toggle('over', left < 0);
}

function setText(text) {
  box.value = text;
  box.focus();
  box.setSelectionRange(text.length, text.length);
  typed();
}

function insert(text) {
  box.setRangeText(text, box.selectionStart, box.selectionEnd, 'end');
  box.focus();
  typed();
}

function typed() {
  fit();
  drafts.set(state.current, box.value);
  const text = box.value.slice(0, box.selectionStart);
  if (/^\/[^\n]*$/.test(text)) return suggestCommands(text.slice(1));
  const found = completions(text);
  if (!found || found.items.length === 0) return suggestions.hide();
  const items = found.items.map((item) => ({
    ...item,
    pick: () => complete(found.start, item.insert),
  }));
  return suggestions.show(box, found.title, items);
}

function complete(start, text) {
  box.setRangeText(text, start, box.selectionStart, 'end');
  suggestions.hide();
  typed();
}

// Commands

function suggestCommands(text) {
  const whole = commandIn(text);
  if (whole && text.length > whole.path.length) return begin(whole, text.slice(whole.path.length));
  const items = matchingCommands(text.trim()).map((command) => ({
    label: `/${command.path}`,
    hint: command.description,
    note: nameOf(command.app ?? ''),
    face: commandFace(),
    pick: () => begin(command),
  }));
  return items.length ? suggestions.show(box, 'Commands', items) : suggestions.hide();
}

/** The command a text begins with, if it is followed by a space or nothing. */
function commandIn(text) {
  const fits = (c) => text === c.path || text.startsWith(`${c.path} `);
  return offeredCommands()
    .filter(fits)
    .sort((a, b) => b.path.length - a.path.length)[0];
}

function begin(command, rest = '') {
  suggestions.hide();
  box.value = '';
  drafts.delete(state.current);
  fit();
  byId('composer').classList.add('commanding');
  entry = new CommandEntry(command, suggestions, (text) => {
    entry = null;
    byId('composer').classList.remove('commanding');
    setText(text);
    if (text) suggestCommands(text.slice(1));
  });
  if (rest.trim()) entry.fill(rest);
}

// Keys and sending

function key(event) {
  if (event.isComposing || suggestions.key(event)) return;
  if (event.key === 'Enter' && !event.shiftKey && !isPhone()) {
    event.preventDefault();
    send();
  } else if (event.key === 'Escape') stopReplying();
  else if (event.key === 'ArrowUp' && box.value === '') editLast(event);
}

async function send() {
  if (entry) return entry.send();
  const content = encode(box.value).trim();
  if (!content) return undefined;
  if (content.length > MOST_CHARACTERS) {
    return toast(`Your message is too long: ${content.length} of ${MOST_CHARACTERS} characters.`);
  }
  if (content.startsWith('/') && commandIn(content.slice(1)))
    return begin(commandIn(content.slice(1)));
  const text = box.value;
  const answering = replyTo;
  setText('');
  stopReplying();
  const sent = await act('send', {
    channel: state.current,
    content,
    ...(answering && { reply_to: answering.id }),
  });
  if (!sent && box.value === '') setText(text); // refused: nothing typed is lost
  return undefined;
}

// Replying

function reply(message) {
  replyTo = message;
  document.querySelector('.message.answered')?.classList.remove('answered');
  document.getElementById(`message-${message.id}`)?.classList.add('answered');
  const cancel = el(
    'button.tool',
    { 'aria-label': 'Stop replying', on: { click: stopReplying } },
    icon('close', 16),
  );
  byId('reply-bar').replaceChildren(
    el('span', {}, 'Replying to ', nameTag(message.author.id)),
    cancel,
  );
  byId('reply-bar').hidden = false;
  box.focus();
}

function stopReplying() {
  replyTo = null;
  byId('reply-bar').hidden = true;
  document.querySelector('.message.answered')?.classList.remove('answered');
}

// Editing one's own message, in its place

function editLast(event) {
  const mine = [...(state.messages.get(state.current)?.values() ?? [])].filter(
    (m) => m.author.id === state.me && !m.local,
  );
  if (mine.length === 0) return;
  event.preventDefault();
  edit(mine.at(-1));
}

function edit(message) {
  const body = document.getElementById(`body-${message.id}`);
  if (!body || body.querySelector('.editor')) return;
  const area = el('textarea', { 'aria-label': 'Edit message', rows: 1 });
  area.value = decode(message.content);
  const stop = () => {
    body.replaceChildren();
    emit('message', { channel: message.channel_id, id: message.id, kind: 'changed' });
    box.focus();
  };
  const save = async () => {
    const content = encode(area.value).trim();
    if (!content) return;
    stop();
    if (content !== message.content) {
      await act('edit', { channel: message.channel_id, message: message.id, content });
    }
  };
  area.addEventListener('keydown', (event) => {
    event.stopPropagation();
    if (event.key === 'Escape') stop();
    else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      save();
    }
  });
  const hint = el(
    'small',
    {},
    'escape to ',
    el('button.linklike', { on: { click: stop } }, 'cancel'),
    ' • enter to ',
    el('button.linklike', { on: { click: save } }, 'save'),
  );
  body.replaceChildren(el('div.editor', {}, area, hint));
  area.style.height = `${area.scrollHeight}px`;
  area.focus();
  area.setSelectionRange(area.value.length, area.value.length);
}
