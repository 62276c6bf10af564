// The list over the composer: commands, people, channels, emoji, an option's choices.

import { byId, el } from './dom.js';

/** One list, shown for one field at a time; the focus stays in the field. */
export class Suggestions {
  constructor() {
    this.box = byId('suggestions');
    this.items = [];
    this.active = -1;
    this.field = null;
  }

  get isOpen() {
    return !this.box.hidden;
  }

  /**
   * Show a list.
   * @param {HTMLElement} field the field being typed in
   * @param {string} title what the list is
   * @param {{label: string, hint?: string, note?: string, face?: Node, pick: () => void}[]} items
   * @param {{preselect?: boolean}} options `preselect`: Enter takes the first one
   */
  show(field, title, items, { preselect = true } = {}) {
    if (items.length === 0 && !title) return this.hide();
    if (this.field !== field) this.hide();
    this.field = field;
    this.items = items;
    this.active = preselect && items.length ? 0 : -1;
    this.box.hidden = false;
    this.draw(title);
    return undefined;
  }

  draw(title) {
    const rows = this.items.map((item, at) => this.row(item, at));
    this.box.replaceChildren(
      el('h4', {}, title),
      el('div', { role: 'listbox', id: 'suggestion-list', 'aria-label': title }, rows),
    );
    this.field.setAttribute('aria-expanded', 'true');
    this.field.setAttribute('aria-controls', 'suggestion-list');
    this.mark();
  }

  row(item, at) {
    const words = el(
      'span.words',
      {},
      el('span', {}, item.label),
      item.hint && el('small', {}, item.hint),
    );
    const attributes = {
      role: 'option',
      id: `suggestion-${at}`,
      on: {
        click: () => item.pick(),
        pointerdown: (event) => event.preventDefault(),
        pointermove: () => this.point(at),
      },
    };
    return el(
      'div.suggestion',
      attributes,
      item.face,
      words,
      item.note && el('small.note', {}, item.note),
    );
  }

  /** Make the row under the pointer the active one: there is never a second one lit. */
  point(at) {
    if (at === this.active) return;
    this.active = at;
    this.mark();
  }

  mark() {
    [...this.box.querySelectorAll('.suggestion')].forEach((row, at) => {
      row.classList.toggle('active', at === this.active);
      row.setAttribute('aria-selected', String(at === this.active));
      if (at === this.active) row.scrollIntoView({ block: 'nearest' });
    });
    if (this.active < 0) this.field.removeAttribute('aria-activedescendant');
    else this.field.setAttribute('aria-activedescendant', `suggestion-${this.active}`);
  }

  hide() {
    this.box.hidden = true;
    this.box.replaceChildren();
    this.field?.setAttribute('aria-expanded', 'false');
    this.field?.removeAttribute('aria-activedescendant');
    this.items = [];
    this.active = -1;
    this.field = null;
  }

  /**
   * Handle a key of the field.
   * @returns {boolean} whether the list took it
   */
  key(event) {
    if (!this.isOpen || event.target !== this.field) return false;
    const count = this.items.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) {
      this.active = this.active < 0 && step < 0 ? count - 1 : (this.active + step + count) % count;
      this.mark();
    } else if (['Enter', 'Tab'].includes(event.key) && !event.shiftKey && this.active >= 0) {
      this.items[this.active].pick();
    } else if (event.key === 'Escape') this.hide();
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }
}
