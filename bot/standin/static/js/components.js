// A message's components: buttons, selects and the parts of Components V2.

import { el } from './dom.js';
import { whenFree } from './hands.js';
import { icon } from './icons.js';
import { file, gallery, picture, cover } from './media.js';
import { settle } from './menus.js';
import { cssColour } from './names.js';
import { jumpTarget, link } from './navigation.js';
import { select } from './select.js';
import { act, setFailure } from './state.js';
import { richText } from './text.js';

const LINK = 5;
const STYLES = {
  1: 'primary',
  2: 'secondary',
  3: 'success',
  4: 'danger',
  5: 'secondary',
  6: 'primary',
};

/**
 * Draw one component.
 * @param {object} component as it came in the payload
 * @param {object} message the message it stands on
 */
export function component(component, message) {
  const draw = DRAW[component.type];
  if (draw) return draw(component, message);
  return el('p.unknown', {}, `This page cannot show components of type ${component.type}.`);
}

const DRAW = {
  1: row,
  2: button,
  3: menu,
  5: menu,
  6: menu,
  7: menu,
  8: menu,
  9: section,
  10: (c) => richText(c.content),
  11: thumbnail,
  12: (c) => gallery(c.items),
  13: (c) => cover(file({ url: c.file.url, filename: c.name, size: c.size }), c.spoiler),
  14: separator,
  17: container,
};

const all = (components, message) => components.map((c) => component(c, message));

function row(c, message) {
  return el('div.action-row', {}, all(c.components, message));
}

function section(c, message) {
  return el(
    'div.section',
    {},
    el('div.section-text', {}, all(c.components, message)),
    el('div.accessory', {}, component(c.accessory, message)),
  );
}

function thumbnail(c) {
  const image = cover(picture(c.media, c.description, false), c.spoiler);
  return el('div.thumbnail', {}, image);
}

function separator(c) {
  const spacing = c.spacing === 2 ? 'large' : 'small';
  return el(c.divider === false ? 'div.separator' : 'hr.separator', { class: spacing });
}

function container(c, message) {
  const box = el('div.container', {}, all(c.components, message));
  if (c.accent_color !== null && c.accent_color !== undefined) {
    box.classList.add('accented');
    box.style.setProperty('--accent', cssColour(c.accent_color));
  }
  return cover(box, c.spoiler);
}

function button(c, message) {
  const inside = [c.emoji && el('span.emoji', {}, c.emoji.name ?? ''), c.label];
  if (c.style === LINK) {
    const attributes = { class: 'button secondary link' };
    if (c.disabled) return el('button.button.secondary', { disabled: true }, inside);
    const mark = jumpTarget(c.url) ? null : icon('external', 16);
    return link(c.url, attributes, ...inside.filter(Boolean), ...(mark ? [mark] : []));
  }
  const attributes = {
    class: STYLES[c.style],
    disabled: c.disabled,
    data: { id: c.custom_id },
    'aria-label': c.label ? null : (c.emoji?.name ?? 'Button'),
    on: { click: (event) => press(event.currentTarget, c, message) },
  };
  return el('button.button', attributes, inside);
}

function menu(c, message) {
  const drawn = select(c, (values) => press(drawn, c, message, values));
  return drawn;
}

async function press(control, c, message, values) {
  if (control.classList.contains('waiting')) return;
  setFailure(message, null);
  const now = current(control, message);
  now.classList.add('waiting');
  now.setAttribute('aria-busy', 'true');
  const where = { channel: message.channel_id, message: message.id, custom_id: c.custom_id };
  const outcome = await act('press', { ...where, ...(values && { values }) });
  for (const drawn of [now, current(control, message)]) {
    drawn.classList.remove('waiting');
    drawn.removeAttribute('aria-busy');
  }
  if (outcome?.late) whenFree(() => setFailure(message, 'This interaction failed'));
  else settle(outcome, '');
}

/** The control as it stands in the document now: its message may have been redrawn meanwhile. */
function current(control, message) {
  if (control.isConnected) return control;
  const drawn = document.getElementById(`message-${message.id}`);
  return drawn?.querySelector(`[data-id="${CSS.escape(control.dataset.id)}"]`) ?? control;
}
