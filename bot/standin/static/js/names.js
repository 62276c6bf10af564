// Who people are: names, colours, faces, and what they may do.

import { el } from './dom.js';
import { state } from './state.js';

export const MAY = {
  addReactions: 1n << 6n,
  administrator: 1n << 3n,
  sendMessages: 1n << 11n,
  manageMessages: 1n << 13n,
  useCommands: 1n << 31n,
  sendInThreads: 1n << 38n,
};

const FACES = ['#5865f2', '#747f8d', '#3ba55d', '#c27c0e', '#ed4245', '#eb459e'];

/** The name shown for a user id, or for a user as it came in a message. */
export function nameOf(user) {
  const known =
    typeof user === 'string' ? state.users.get(user) : (state.users.get(user.id) ?? user);
  return known ? known.global_name || known.username : 'unknown-user';
}

/** A member's roles, the highest first. */
export function rolesOf(userId) {
  return (state.members[userId]?.roles ?? [])
    .map((id) => state.roles.get(id))
    .filter(Boolean)
    .sort((a, b) => b.position - a.position);
}

/** What a person is, in a word: their highest role's name. */
export function roleNameOf(userId) {
  return rolesOf(userId)[0]?.name ?? (state.members[userId] ? 'Member' : 'Not a member');
}

/** The colour of a member's name, as CSS, or "" for the ordinary one. */
export function colourOf(userId) {
  const coloured = rolesOf(userId).find((role) => role.color);
  return coloured ? cssColour(coloured.color) : '';
}

/** A colour as Discord writes it (a number), as CSS. */
export const cssColour = (number) => `#${number.toString(16).padStart(6, '0')}`;

/** A round face with the person's first letter on their own colour. */
export function avatar(userId, size = 40) {
  const name = nameOf(userId);
  const colour = FACES[Number((BigInt(userId || '0') >> 22n) % BigInt(FACES.length))];
  const letter = [...name.replace(/[^\p{L}\p{N}]/gu, '')][0] ?? '?';
  const style = { '--face': colour, '--size': `${size}px` };
  return el('span.avatar', { style, 'aria-hidden': 'true' }, letter.toUpperCase());
}

/** The APP badge beside a bot's name. */
export const appBadge = () => el('span.app-badge', {}, 'APP');

/** Whether the person shown may do `right` (one of MAY) in a channel. */
export function may(right, channelId = state.current) {
  const held = BigInt(state.channels.get(channelId)?.permissions ?? '0');
  return (held & right) === right;
}

/** Whether the person shown is offered a command in the current channel. */
export function isOffered(command) {
  if (!may(MAY.useCommands)) return false;
  const needed = command.default_member_permissions;
  if (needed === null || needed === undefined) return true;
  if (may(MAY.administrator)) return true;
  return BigInt(needed) !== 0n && may(BigInt(needed));
}

/** Everybody who sees the current channel, the bot among them. */
export function usersHere() {
  return (state.channels.get(state.current)?.viewers ?? []).map((id) => state.users.get(id));
}

/** Whether a message calls the person shown: by name, by role, or everybody. */
export function callsMe(message) {
  if (message.author?.id === state.me) return false;
  const mine = state.members[state.me]?.roles ?? [];
  return (
    Boolean(message.mention_everyone) ||
    (message.mentions ?? []).some((user) => user.id === state.me) ||
    (message.mention_roles ?? []).some((role) => mine.includes(role))
  );
}
