// The commands offered to the person shown, and an option's possible values.

import { avatar, isOffered, nameOf } from './names.js';
import { act, state } from './state.js';

const CHAT_INPUT = 1;
const SUBCOMMAND = 1;
const GROUP = 2;
const INTEGER = 4;
const BOOLEAN = 5;
const NUMBER = 10;
const MOST = 12;

/** Every command and subcommand a person may type, as {path, description, options, app}. */
export function offeredCommands() {
  return state.commands
    .filter((c) => (c.type ?? CHAT_INPUT) === CHAT_INPUT && isOffered(c))
    .flatMap((c) => leaves(c, c.name, c.application_id))
    .sort((a, b) => a.path.localeCompare(b.path));
}

function leaves(node, path, app) {
  const options = node.options ?? [];
  if (!options.some((o) => o.type === SUBCOMMAND || o.type === GROUP)) {
    return [{ path, description: node.description, options, app }];
  }
  return options.flatMap((o) => leaves(o, `${path} ${o.name}`, app));
}

/** Commands that begin with (or else hold) what is typed after the slash. */
export function matchingCommands(typed) {
  const word = typed.toLowerCase();
  const all = offeredCommands();
  const starts = all.filter((c) => c.path.startsWith(word));
  const holds = all.filter((c) => !c.path.startsWith(word) && c.path.includes(word));
  return [...starts, ...holds].slice(0, MOST);
}

/**
 * The values an option may take for what is typed so far, as {label, value, face}.
 * @param {object} command from `offeredCommands`
 * @param {object} option of it
 * @param {string} typed in its field
 * @param {object} values of the options filled so far
 */
export async function choicesFor(command, option, typed, values) {
  if (option.autocomplete) return autocompleted(command, option, typed, values);
  const word = typed.toLowerCase().replace(/^[@#]/, '');
  const all = option.choices?.map(asChoice) ?? LISTED[option.type]?.(option) ?? [];
  return all.filter((c) => c.label.toLowerCase().includes(word)).slice(0, 25);
}

const asChoice = ({ name, value }) => ({ label: name, value });

const users = () =>
  [...state.users.values()]
    .filter((u) => state.members[u.id])
    .map((u) => ({ label: nameOf(u), value: u.id, note: u.username, face: avatar(u.id, 24) }));
const roles = () => [...state.roles.values()].map((r) => ({ label: r.name, value: r.id }));

const LISTED = {
  [BOOLEAN]: () => [
    { label: 'True', value: true },
    { label: 'False', value: false },
  ],
  6: users,
  7: () =>
    [...state.channels.values()]
      .filter((c) => c.type !== 4)
      .map((c) => ({ label: `#${c.name}`, value: c.id })),
  8: roles,
  9: () => [...users(), ...roles()],
};

async function autocompleted(command, option, typed, values) {
  const answer = await act('autocomplete', {
    channel: state.current,
    path: command.path,
    options: { ...values, [option.name]: typed },
    focused: option.name,
  });
  return answer?.choices?.map(asChoice) ?? null;
}

/**
 * Read an option's value from what was typed.
 * @returns {{value: any}|{problem: string}}
 */
export function valueOf(option, typed) {
  if (option.choices || LISTED[option.type]) return listedValue(option, typed);
  if (option.type === INTEGER || option.type === NUMBER) return numberValue(option, typed);
  const least = option.min_length ?? 0;
  const most = option.max_length ?? 6000;
  if (typed.length < least || typed.length > most) {
    return { problem: `Enter between ${least} and ${most} characters.` };
  }
  return { value: typed };
}

function listedValue(option, typed) {
  const all = option.choices?.map(asChoice) ?? LISTED[option.type](option);
  const word = typed.toLowerCase().replace(/^[@#]/, '');
  const hit = all.find((c) =>
    [c.label, String(c.value), c.note].some((t) => t?.toLowerCase().replace(/^[@#]/, '') === word),
  );
  return hit ? { value: hit.value } : { problem: 'Choose one of the values in the list.' };
}

function numberValue(option, typed) {
  const number = Number(typed);
  const whole = option.type !== INTEGER || Number.isInteger(number);
  const inside =
    number >= (option.min_value ?? -Infinity) && number <= (option.max_value ?? Infinity);
  if (typed.trim() !== '' && whole && inside) return { value: number };
  const kind = option.type === INTEGER ? 'a whole number' : 'a number';
  const { min_value: least, max_value: most } = option;
  if (least !== undefined && most !== undefined)
    return { problem: `Enter ${kind} between ${least} and ${most}.` };
  return { problem: `Enter ${kind}${least === undefined ? '' : ` of at least ${least}`}.` };
}
