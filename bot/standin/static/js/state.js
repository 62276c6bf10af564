// What this person sees of the world, kept up to date by the server's stream.

import { act as doAct, listen, numberOf, read, Refusal } from './api.js';
import { toast } from './dom.js';
import { whenFree } from './hands.js';

export const EPHEMERAL = 64;
export const LOADING = 128;
export const COMPONENTS_V2 = 1 << 15;
export const THREAD_TYPES = [10, 11, 12];

const MOST_KEPT = 300;
const FEWEST_KEPT = 200;

/** The one copy of everything shown. Only this module writes to it. */
export const state = {
  me: '',
  guild: { id: '', name: '' },
  users: new Map(),
  roles: new Map(),
  members: {},
  people: [],
  channels: new Map(),
  commands: [],
  /** channel id -> message id -> message */
  messages: new Map(),
  current: '',
  /** channels whose oldest message has been reached */
  complete: new Set(),
  /** message id -> "This interaction failed" and the like */
  failures: new Map(),
};

const listeners = new Map();
const applied = new Map(); // message id -> number of the last event seen for it
let stopListening = () => {};
let violations = 0;
let localCount = 0;
let structureAt = 0; // number of the last event that the structure holds

/** Call `listener(detail)` whenever `topic` happens. */
export function on(topic, listener) {
  listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
}

/** Tell everybody who listens to `topic`. */
export function emit(topic, detail) {
  for (const listener of listeners.get(topic) ?? []) listener(detail);
}

/** Do something as the person shown; a refusal is shown and gives null. */
export async function act(kind, fields) {
  try {
    return await doAct(kind, { user: state.me, ...fields });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    toast(error.message);
    return null;
  }
}

/**
 * Read the world as `user` sees it, and listen from that moment on.
 * @param {string} user id or name; empty means the first person
 */
export async function become(user) {
  stopListening();
  const seen = await read('state', { user });
  structureAt = 0;
  applied.clear();
  state.failures.clear();
  state.complete.clear();
  state.messages = new Map();
  takeStructure(seen);
  for (const [channel, messages] of Object.entries(seen.messages)) {
    state.messages.set(channel, new Map(messages.map((m) => [m.id, m])));
  }
  violations = seen.violations;
  startListening(seen.cursor);
}

function startListening(cursor) {
  const query = { user: state.me, after: cursor, violations: String(violations) };
  const stop = listen(
    query,
    (event, number) => whenFree(() => stop === stopListening && hear(event, number)),
    (live) => emit('connection', live),
  );
  stopListening = stop;
}

function takeStructure(seen) {
  structureAt = numberOf(seen.cursor);
  state.me = seen.me;
  state.guild = seen.guild;
  state.users = new Map(seen.users.map((u) => [u.id, u]));
  state.roles = new Map(seen.roles.map((r) => [r.id, r]));
  state.members = seen.members;
  state.people = seen.people;
  state.channels = new Map(seen.channels.map((c) => [c.id, c]));
  state.commands = seen.commands;
  state.guide = seen.guide;
}

const HEARD = {
  MESSAGE_CREATE: (data, number) => takeMessage(data, number, 'created'),
  MESSAGE_UPDATE: (data, number) => takeMessage(data, number, 'changed'),
  MESSAGE_DELETE: (data, number) => dropMessage(data.channel_id, data.id, number),
  MESSAGE_DELETE_BULK: (data, number) =>
    data.ids.forEach((id) => dropMessage(data.channel_id, id, number)),
  TYPING_START: (data) => emit('typing', data),
  STATE: () => refreshSoon(),
  RELOAD: () => emit('reload'),
  VIOLATION: (data) => {
    if (data.count <= violations) return;
    violations = data.count;
    emit('violation', data.text);
  },
};

function hear(event, number) {
  HEARD[event.t]?.(event.d, number);
}

function takeMessage(message, number, kind) {
  const channel = message.channel_id;
  if (!state.messages.has(channel)) state.messages.set(channel, new Map());
  const known = state.messages.get(channel);
  if (kind === 'changed' && !known.has(message.id) && isOlderThanShown(known, message.id)) return;
  applied.set(message.id, number);
  const had = known.has(message.id);
  known.set(message.id, message);
  if (!had) sortMessages(channel);
  if (channel !== state.current) forgetOldest(channel);
  emit('message', { channel, id: message.id, kind: had ? 'changed' : 'created' });
}

/**
 * Let go of the oldest messages of a channel that has grown long; scrolling up reads them again.
 * @returns {boolean} whether there were too many
 */
export function forgetOldest(channel) {
  const known = state.messages.get(channel);
  if (known.size <= MOST_KEPT) return false;
  for (const id of [...known.keys()].slice(0, known.size - FEWEST_KEPT)) known.delete(id);
  state.complete.delete(channel);
  return true;
}

/** An edit of a message not yet scrolled to is read with its page of history, not before. */
function isOlderThanShown(known, id) {
  const [oldest] = known.keys();
  return oldest === undefined || compareIds(id, oldest) < 0;
}

function dropMessage(channel, id, number) {
  applied.set(id, number);
  if (!state.messages.get(channel)?.delete(id)) return;
  emit('message', { channel, id, kind: 'deleted' });
}

function sortMessages(channel) {
  const known = state.messages.get(channel);
  const ids = [...known.keys()];
  if (ids.length < 2 || compareIds(ids.at(-2), ids.at(-1)) < 0) return;
  const sorted = [...known.entries()].sort(([a], [b]) => compareIds(a, b));
  state.messages.set(channel, new Map(sorted));
}

/** Order two ids by age: numbers too large for a JavaScript number. */
export function compareIds(a, b) {
  return a.length - b.length || (a < b ? -1 : Number(a > b));
}

let refreshTimer = 0;

function refreshSoon() {
  clearTimeout(refreshTimer);
  refreshTimer = setTimeout(refresh, 50);
}

/** Read anew which channels, people and commands there are. */
export async function refresh() {
  const seen = await read('state', { user: state.me, messages: 'no' });
  await new Promise(whenFree);
  if (seen.me !== state.me) return; // the person was switched meanwhile
  if (numberOf(seen.cursor) < structureAt) return; // a later answer came first
  takeStructure(seen);
  for (const channel of state.messages.keys()) {
    if (!state.channels.has(channel)) state.messages.delete(channel);
  }
  emit('structure');
}

/**
 * Read the page of messages before the oldest one known.
 * @returns {Promise<boolean>} whether there were any
 */
export async function readOlder(channel) {
  if (state.complete.has(channel)) return false;
  const known = state.messages.get(channel) ?? new Map();
  const [oldest] = known.keys();
  const query = { user: state.me, channel, ...(oldest && { before: oldest }) };
  const { messages, cursor } = await read('history', query);
  const fresh = messages.filter((m) => (applied.get(m.id) ?? -1) <= numberOf(cursor));
  if (messages.length === 0) state.complete.add(channel);
  state.messages.set(channel, new Map([...fresh.map((m) => [m.id, m]), ...known]));
  sortMessages(channel);
  return messages.length > 0;
}

/** Show another channel. */
export function show(channel) {
  state.current = channel;
  emit('current', channel);
}

/** Remove a message from this person's sight only. */
export function dismiss(message) {
  dropMessage(message.channel_id, message.id, Infinity);
}

/** Say under a message that a press on it failed; null takes it back. */
export function setFailure(message, text) {
  if (text === null) {
    if (!state.failures.delete(message.id)) return;
  } else {
    state.failures.set(message.id, text);
  }
  emit('message', { channel: message.channel_id, id: message.id, kind: 'changed' });
}

/** Put a message into the channel that only this page knows of, as Discord does for failures. */
export function addLocal(fields) {
  const ids = [...(state.messages.get(state.current)?.keys() ?? [])];
  const after = BigInt(ids.at(-1) ?? '1') + 1n;
  localCount += 1;
  const local = {
    id: String(after),
    channel_id: state.current,
    local: localCount,
    type: 0,
    content: '',
    flags: EPHEMERAL,
    timestamp: new Date().toISOString(),
    attachments: [],
    embeds: [],
    components: [],
    ...fields,
  };
  takeMessage(local, 0, 'created');
}
