// A select menu, in messages and in forms: string, user, role, mentionable and channel.

import { el } from './dom.js';
import { icon } from './icons.js';
import { avatar, colourOf, cssColour, nameOf } from './names.js';
import { openPopup } from './popup.js';
import { state, THREAD_TYPES } from './state.js';

let idCount = 0;

const FILLED_BY_DISCORD = { 5: people, 6: roles, 7: () => [...people(), ...roles()], 8: channels };

function people() {
  return [...state.users.values()].map((user) => ({
    value: user.id,
    label: nameOf(user),
    description: user.username,
    face: avatar(user.id, 24),
    colour: colourOf(user.id),
  }));
}

function roles() {
  return [...state.roles.values()]
    .filter((role) => role.id !== state.guild.id)
    .map((role) => ({
      value: role.id,
      label: role.name,
      face: icon('at'),
      colour: role.color ? cssColour(role.color) : '',
    }));
}

function channels(component) {
  const wanted = component.channel_types ?? [];
  return [...state.channels.values()]
    .filter((c) => (wanted.length ? wanted.includes(c.type) : c.type !== 4))
    .map((c) => ({
      value: c.id,
      label: c.name,
      face: icon(THREAD_TYPES.includes(c.type) ? 'thread' : 'hash'),
    }));
}

/** The options of a select, wherever they come from. */
export function optionsOf(component) {
  return FILLED_BY_DISCORD[component.type]?.(component) ?? component.options ?? [];
}

/** What is chosen before anybody chooses. */
export function chosenAtFirst(component) {
  const named = (component.default_values ?? []).map((value) => value.id);
  return [...named, ...(component.options ?? []).filter((o) => o.default).map((o) => o.value)];
}

/**
 * Draw a select.
 * @param {object} component as it came in the payload
 * @param {(values: string[]) => void} settled called when the choice is made and the list closed
 * @param {{label?: string}} options `label` names it for those who listen
 */
export function select(component, settled, { label } = {}) {
  const options = optionsOf(component);
  const most = component.max_values ?? 1;
  const value = el('span.value');
  const button = el(
    'button.select',
    {
      role: 'combobox',
      'aria-haspopup': 'listbox',
      'aria-expanded': 'false',
      'aria-label': label ?? placeholderOf(component),
      disabled: component.disabled,
      data: { id: component.custom_id },
    },
    value,
    icon('chevron'),
  );
  let values = chosenAtFirst(component);
  const draw = (chosen) => {
    const shown = chosen.map((v) => options.find((o) => o.value === v)).filter(Boolean);
    value.classList.toggle('placeholder', shown.length === 0);
    value.replaceChildren(...(shown.length ? chips(shown, most) : [placeholderOf(component)]));
  };
  const done = (chosen) => {
    const least = Math.min(component.min_values ?? 1, options.length);
    const changed = chosen.join('\n') !== values.join('\n');
    if (changed && chosen.length >= least) settled((values = chosen));
    else draw(values);
  };
  const open = () => new List({ component, options, chosen: values, draw, done }).open(button);
  button.addEventListener('click', open);
  button.addEventListener('keydown', (event) => {
    if (!['ArrowDown', 'ArrowUp'].includes(event.key)) return;
    event.preventDefault();
    open();
  });
  draw(values);
  return button;
}

const placeholderOf = (component) => component.placeholder || 'Make a selection';

function chips(shown, most) {
  if (most === 1) return [emojiOf(shown[0]), shown[0].label].filter(Boolean);
  return shown.map((option) => el('span.chip', {}, option.label));
}

const emojiOf = (option) => option.emoji && el('span.emoji', {}, option.emoji.name);

/** The list of a select while it is open. The focus stays in its search field. */
class List {
  constructor({ component, options, chosen, draw, done }) {
    Object.assign(this, { component, options, draw, done });
    this.chosen = [...chosen];
    this.most = component.max_values ?? 1;
    this.searchable = component.type !== 3 || options.length > 12;
    this.id = `list-${(idCount += 1)}`;
    this.active = Math.max(
      0,
      options.findIndex((o) => chosen.includes(o.value)),
    );
    this.typed = { at: 0, word: '' };
    this.search = this.makeSearch();
    this.list = el('div.options', {
      role: 'listbox',
      id: this.id,
      'aria-label': placeholderOf(component),
      'aria-multiselectable': String(this.most > 1),
    });
  }

  makeSearch() {
    return el('input', {
      role: 'combobox',
      placeholder: 'Search',
      'aria-label': 'Search',
      'aria-expanded': 'true',
      'aria-controls': this.id,
      autofocus: true,
      readonly: !this.searchable,
      class: this.searchable ? 'search' : 'visually-hidden',
      on: {
        input: () => this.show(0),
        keydown: (event) => this.pressed(event),
      },
    });
  }

  open(button) {
    button.setAttribute('aria-expanded', 'true');
    const closed = () => {
      button.setAttribute('aria-expanded', 'false');
      this.done(this.chosen);
    };
    const box = el('div.select-list', {}, this.search, this.list);
    this.close = openPopup(box, { anchor: button, wide: true, closed });
    this.show(this.active);
  }

  get rows() {
    const word = this.searchable ? this.search.value.trim().toLowerCase() : '';
    return this.options.filter((o) => o.label.toLowerCase().includes(word));
  }

  show(active) {
    const rows = this.rows;
    this.active = Math.max(0, Math.min(active, rows.length - 1));
    const drawn = rows.map((option, at) => this.row(option, at));
    this.list.replaceChildren(...(drawn.length ? drawn : [el('p.none', {}, 'No results found')]));
    this.search.setAttribute(
      'aria-activedescendant',
      rows.length ? `${this.id}-${this.active}` : '',
    );
    this.list.children[this.active]?.scrollIntoView({ block: 'nearest' });
  }

  row(option, at) {
    const chosen = this.chosen.includes(option.value);
    const words = el(
      'span.words',
      {},
      el('span', { style: option.colour ? { color: option.colour } : {} }, option.label),
      option.description && el('small', {}, option.description),
    );
    const mark =
      this.most > 1 ? el('span.box', {}, chosen && icon('check', 16)) : chosen && icon('check', 20);
    const attributes = {
      role: 'option',
      id: `${this.id}-${at}`,
      'aria-selected': String(chosen),
      class: at === this.active ? 'active' : '',
      data: { value: option.value },
      on: {
        click: () => this.pick(option),
        pointerdown: (event) => event.preventDefault(),
        pointermove: () => this.point(at),
      },
    };
    return el('div.option', attributes, option.face ?? emojiOf(option), words, mark);
  }

  /** Make the row under the pointer the active one: there is never a second one lit. */
  point(at) {
    if (at === this.active) return;
    this.list.children[this.active]?.classList.remove('active');
    this.list.children[at].classList.add('active');
    this.search.setAttribute('aria-activedescendant', `${this.id}-${at}`);
    this.active = at;
  }

  pick(option) {
    const has = this.chosen.includes(option.value);
    if (has && (this.most > 1 || this.component.min_values === 0)) {
      this.chosen = this.chosen.filter((v) => v !== option.value);
    } else if (this.most === 1) this.chosen = [option.value];
    else if (!has && this.chosen.length < this.most) this.chosen = [...this.chosen, option.value];
    this.draw(this.chosen);
    if (this.most === 1) this.close();
    else this.show(this.rows.indexOf(option));
  }

  pressed(event) {
    const { rows, active } = this;
    const steps = { ArrowDown: active + 1, ArrowUp: active - 1, Home: 0, End: rows.length - 1 };
    if (event.key in steps) this.show((steps[event.key] + rows.length) % Math.max(1, rows.length));
    else if (event.key === 'Tab') return this.close();
    else if (event.key === 'Enter' || (event.key === ' ' && !this.searchable)) {
      if (rows[active]) this.pick(rows[active]);
    } else if (!this.searchable && event.key.length === 1) this.show(this.typeAhead(event.key));
    else return undefined;
    return event.preventDefault();
  }

  /** Jump to the option whose label begins with what is typed within a second. */
  typeAhead(key) {
    const fresh = Date.now() - this.typed.at > 1000;
    this.typed = { at: Date.now(), word: (fresh ? key : this.typed.word + key).toLowerCase() };
    const hit = this.rows.findIndex((o) => o.label.toLowerCase().startsWith(this.typed.word));
    return hit < 0 ? this.active : hit;
  }
}
