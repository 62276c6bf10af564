// The composer while a command is entered: its name, and one small field for each option.

import { byId, el, toast } from './dom.js';
import { choicesFor, valueOf } from './commands.js';
import { icon } from './icons.js';
import { settle } from './menus.js';
import { act, state } from './state.js';

const PAUSE = 100; // after a key, before the bot is asked for completions
const CHOOSING = ['Enter', 'Tab', 'ArrowDown', 'ArrowUp']; // keys that mean what the list shows

/** A command being entered. */
export class CommandEntry {
  /**
   * @param {object} command from `offeredCommands`
   * @param {import('./suggestions.js').Suggestions} suggestions the list over the composer
   * @param {() => void} ended called when the command was sent or given up
   */
  constructor(command, suggestions, ended) {
    Object.assign(this, { command, suggestions, ended });
    this.fields = new Map();
    this.asked = 0;
    this.tail = this.makeTail();
    this.box = byId('command');
    this.box.replaceChildren(el('span.command-name', {}, `/${command.path}`), this.tail);
    this.box.hidden = false;
    for (const option of command.options.filter((o) => o.required)) this.add(option);
    this.focusNext();
  }

  /** Fill options from text such as "case:17 note:third time". */
  fill(text) {
    const names = this.command.options.map((o) => o.name).join('|');
    if (!names) return;
    const pattern = new RegExp(`(?:^|\\s)(${names}):\\s?((?:(?!\\s(?:${names}):)[\\s\\S])*)`, 'g');
    for (const [, name, typed] of text.matchAll(pattern)) {
      const field =
        this.fields.get(name) ?? this.add(this.command.options.find((o) => o.name === name));
      field.input.value = typed.trim();
      resize(field.input);
    }
  }

  makeTail() {
    const input = el('input.tail', {
      role: 'combobox',
      'aria-label': 'Add an option, or press Enter to send the command',
      'aria-expanded': 'false',
      autocomplete: 'off',
      on: {
        focus: () => this.offerOptions(),
        input: () => this.offerOptions(),
        keydown: (event) => this.tailKey(event),
        blur: () => this.suggestions.hide(),
      },
    });
    return input;
  }

  add(option) {
    const input = el('input', {
      role: 'combobox',
      'aria-label': `${option.name}: ${option.description}${option.required ? ' (required)' : ''}`,
      'aria-expanded': 'false',
      autocomplete: 'off',
      data: { option: option.name },
    });
    // `behind`: the list does not show yet what fits what is typed; `coming`: it soon will.
    const field = { option, input, picked: null, behind: false, coming: null };
    field.pill = el('label.pill', {}, el('span', {}, option.name), input);
    input.addEventListener('focus', () => {
      field.behind = true;
      this.suggest(field);
    });
    input.addEventListener('blur', () => this.suggestions.hide());
    input.addEventListener('input', () => {
      field.picked = null;
      field.behind = true;
      field.coming = null;
      field.pill.classList.remove('wrong');
      resize(input);
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.suggest(field), option.autocomplete ? PAUSE : 0);
    });
    input.addEventListener('keydown', (event) => this.key(event, field));
    this.fields.set(option.name, field);
    this.tail.before(field.pill);
    return field;
  }

  /** Show what fits what is typed in a field; the promise ends when it is shown. */
  suggest(field) {
    clearTimeout(this.timer);
    field.coming = this.showChoices(field);
    return field.coming;
  }

  /** Give up what is still to be shown. */
  forgetChoices(field) {
    clearTimeout(this.timer);
    this.asked += 1;
    field.behind = false;
  }

  async showChoices(field) {
    const { option, input } = field;
    this.asked += 1;
    const { asked } = this;
    const typed = field.picked ? '' : input.value;
    const before = input.value;
    const choices = await choicesFor(this.command, option, typed, this.valuesSoFar(option.name));
    if (input.value === before) field.behind = false;
    if (asked !== this.asked || document.activeElement !== input) return;
    const title = `${option.name} — ${option.description}`;
    const empty = choices === null && 'Loading options failed';
    const items = (choices ?? []).map((choice) => ({
      ...choice,
      pick: () => this.pick(field, choice),
    }));
    this.suggestions.show(input, empty || title, items, { preselect: items.length > 0 });
  }

  pick(field, choice) {
    field.picked = choice;
    field.input.value = choice.label;
    resize(field.input);
    this.focusNext();
  }

  offerOptions() {
    const word = this.tail.value.trim().toLowerCase();
    const left = this.command.options.filter(
      (o) => !this.fields.has(o.name) && o.name.includes(word),
    );
    const items = left.map((option) => ({
      label: option.name,
      hint: option.description,
      pick: () => {
        this.tail.value = '';
        this.add(option).input.focus();
      },
    }));
    const title = items.length ? 'Options' : '';
    this.suggestions.show(this.tail, title, items, { preselect: word !== '' });
  }

  focusNext() {
    const empty = [...this.fields.values()].find((f) => !f.input.value);
    (empty?.input ?? this.tail).focus();
  }

  key(event, field) {
    if (field.behind && CHOOSING.includes(event.key) && !event.shiftKey) {
      event.preventDefault();
      this.choose(event, field);
      return;
    }
    if (event.key === 'Escape') this.forgetChoices(field);
    if (this.suggestions.key(event)) return;
    const { input } = field;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') this.giveUp(event);
    else if (event.key === 'Backspace' && input.value === '') {
      event.preventDefault();
      this.takeAway(field);
    } else if (event.key === 'ArrowRight' && input.selectionEnd === input.value.length)
      this.move(input, 1);
    else if (event.key === 'ArrowLeft' && input.selectionStart === 0) this.move(input, -1);
  }

  /** Do what a key means once the list shows what fits: who types fast picks nothing older. */
  async choose(event, field) {
    while (field.behind && field.input.isConnected) {
      await (field.coming ?? this.suggest(field));
    }
    if (!field.input.isConnected || this.suggestions.key(event)) return;
    if (event.key === 'Enter') this.send();
    else if (event.key === 'Tab') this.move(field.input, 1);
  }

  tailKey(event) {
    if (this.suggestions.key(event)) return;
    if (event.key === 'Enter') {
      event.preventDefault();
      this.send();
    } else if (event.key === 'Escape') this.giveUp(event);
    else if (event.key === 'Backspace' && this.tail.value === '') {
      event.preventDefault();
      const last = [...this.fields.values()].at(-1);
      if (last) last.input.focus();
      else this.end(`/${this.command.path}`);
    } else if (event.key === 'ArrowLeft' && this.tail.selectionStart === 0)
      this.move(this.tail, -1);
  }

  move(input, step) {
    const inputs = [...this.fields.values()].map((f) => f.input).concat(this.tail);
    inputs[inputs.indexOf(input) + step]?.focus();
  }

  takeAway(field) {
    if (field.option.required) {
      this.end(`/${this.command.path}`);
      return;
    }
    this.fields.delete(field.option.name);
    field.pill.remove();
    this.tail.focus();
  }

  giveUp(event) {
    event.preventDefault();
    this.end('');
  }

  end(text) {
    this.suggestions.hide();
    this.box.hidden = true;
    this.box.replaceChildren();
    this.ended(text);
  }

  valuesSoFar(except) {
    const values = {};
    for (const [name, field] of this.fields) {
      if (name === except || !field.input.value) continue;
      const read = valueIn(field);
      if ('value' in read) values[name] = read.value;
    }
    return values;
  }

  /** Check every option as Discord's own client does, then run the command. */
  async send() {
    const options = {};
    for (const [name, field] of this.fields) {
      const read = field.input.value
        ? valueIn(field)
        : { problem: 'This option is required. Specify a value.' };
      if (!field.input.value && !field.option.required) continue;
      if ('problem' in read) {
        this.refuse(field, read.problem);
        return;
      }
      options[name] = read.value;
    }
    const { path } = this.command;
    this.end('');
    settle(await act('slash', { channel: state.current, path, options }), path);
  }

  refuse(field, problem) {
    field.pill.classList.add('wrong');
    field.input.setAttribute('aria-invalid', 'true');
    field.input.focus();
    toast(`${field.option.name}: ${problem}`);
  }
}

function valueIn(field) {
  return field.picked ? { value: field.picked.value } : valueOf(field.option, field.input.value);
}

function resize(input) {
  input.style.width = `${Math.max(2, [...input.value].length + 1)}ch`;
}

/** A row of the list of commands. */
export const commandFace = () => icon('apps', 24);
