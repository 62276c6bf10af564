// What this person has read, kept in the browser so that a reload or a switch remembers it.

import { compareIds, emit, EPHEMERAL, state } from './state.js';
import { callsMe } from './names.js';

const key = () => `comment-desk/read/${state.me}`;

function all() {
  try {
    return JSON.parse(localStorage.getItem(key())) ?? {};
  } catch {
    return {}; // unreadable or forbidden: nothing is remembered
  }
}

/** The id of the last message read in a channel, or "". */
export const lastRead = (channel) => all()[channel] ?? '';

/** Remember that everything in a channel has been read. */
export function markRead(channel) {
  const last = [...(state.messages.get(channel)?.keys() ?? [])].at(-1);
  const read = all();
  if (!last || (read[channel] && compareIds(read[channel], last) >= 0)) return;
  try {
    localStorage.setItem(key(), JSON.stringify({ ...read, [channel]: last }));
  } catch {
    return;
  }
  emit('unread');
}

/** What waits in a channel: whether anything is new, and how often it calls this person. */
export function waiting(channel) {
  const read = lastRead(channel);
  const fresh = [...(state.messages.get(channel)?.values() ?? [])].filter(
    (m) => compareIds(m.id, read) > 0 && m.author.id !== state.me && !(m.flags & EPHEMERAL),
  );
  return { any: fresh.length > 0, calls: fresh.filter(callsMe).length };
}
