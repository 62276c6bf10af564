// What "@", "#" and ":" complete to while a message is typed, and what is sent in their stead.

import { findEmoji, withEmoji } from './emoji.js';
import { icon } from './icons.js';
import { avatar, may, MAY, nameOf, usersHere } from './names.js';
import { state } from './state.js';

const MOST = 8;
const WORD = /(?:^|\s)([@#:])([^\s@#:]*)$/u;

/**
 * Find what the word before the caret may complete to.
 * @param {string} text up to the caret
 * @returns {{title: string, start: number, items: object[]}|null} `insert` replaces from `start`
 */
export function completions(text) {
  const found = WORD.exec(text);
  if (!found) return null;
  const [, sign, word] = found;
  const list = { '@': people, '#': channels, ':': emoji }[sign](word.toLowerCase());
  return list && { ...list, start: text.length - word.length - 1 };
}

function people(word) {
  const users = usersHere()
    .filter((u) => begins(word, nameOf(u), u.username))
    .map((u) => ({
      label: nameOf(u),
      note: u.username,
      face: avatar(u.id, 24),
      insert: `@${nameOf(u)} `,
    }));
  const roles = [...state.roles.values()]
    .filter((r) => r.id !== state.guild.id && (r.mentionable || may(MAY.manageMessages)))
    .filter((r) => begins(word, r.name))
    .map((r) => ({ label: `@${r.name}`, note: 'Role', face: icon('at'), insert: `@${r.name} ` }));
  return { title: 'Members', items: [...users, ...roles].slice(0, MOST) };
}

function channels(word) {
  const items = [...state.channels.values()]
    .filter((c) => c.type !== 4 && begins(word, c.name))
    .map((c) => ({ label: c.name, face: icon('hash'), insert: `#${c.name} ` }));
  return { title: 'Text channels', items: items.slice(0, MOST) };
}

function emoji(word) {
  if (word.length < 2) return null; // ":)" and the like are not a search
  const items = findEmoji(word).map(({ emoji: sign, name }) => ({
    label: `:${name}:`,
    face: sign,
    insert: `${sign} `,
  }));
  return { title: `Emoji matching :${word}`, items };
}

const begins = (word, ...names) =>
  names.some(
    (name) =>
      name
        .toLowerCase()
        .split(/[\s_-]/)
        .some((part) => part.startsWith(word)) || name.toLowerCase().startsWith(word),
  );

/**
 * Write names as Discord's API has them: "@Ana" becomes "<@id>", "#queue" becomes "<#id>".
 * @param {string} text as typed
 */
export function encode(text) {
  const names = [
    ...[...state.roles.values()].map((r) => [`@${r.name}`, `<@&${r.id}>`]),
    ...[...state.users.values()].map((u) => [`@${u.username}`, `<@${u.id}>`]),
    ...[...state.users.values()].map((u) => [`@${nameOf(u)}`, `<@${u.id}>`]),
    ...[...state.channels.values()].map((c) => [`#${c.name}`, `<#${c.id}>`]),
  ].filter(([name]) => name !== '@@everyone');
  const table = new Map(names);
  const longestFirst = [...table.keys()].sort((a, b) => b.length - a.length).map(escaped);
  if (longestFirst.length === 0) return withEmoji(text);
  const pattern = new RegExp(
    `(?<![\\p{L}\\p{N}<\\\\])(${longestFirst.join('|')})(?![\\p{L}\\p{N}_])`,
    'gu',
  );
  return withEmoji(text.replace(pattern, (typed) => table.get(typed) ?? typed));
}

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** The opposite of `encode`, for editing a message. */
export function decode(content) {
  return content
    .replace(/<@!?(\d+)>/g, (code, id) => (state.users.has(id) ? `@${nameOf(id)}` : code))
    .replace(/<@&(\d+)>/g, (code, id) =>
      state.roles.has(id) ? `@${state.roles.get(id).name}` : code,
    )
    .replace(/<#(\d+)>/g, (code, id) =>
      state.channels.has(id) ? `#${state.channels.get(id).name}` : code,
    );
}
