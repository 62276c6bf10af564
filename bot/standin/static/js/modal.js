// A form an app opens over the page.

import { openDialog } from './dialogs.js';
import { el } from './dom.js';
import { field } from './fields.js';
import { avatar, nameOf } from './names.js';
import { on, act, state } from './state.js';
import { settle } from './menus.js';
import { richText } from './text.js';

const LABEL = 18;
const ROW = 1;
const TEXT = 10;

/** Start showing forms when apps answer with one. */
export function startModals() {
  on('modal', open);
}

function open({ token, modal }) {
  const fields = [];
  const parts = modal.components.map((part) => draw(part, fields));
  const problem = el('p.problem', { role: 'alert' });
  const submit = el('button.button.primary', { type: 'submit' }, 'Submit');
  const app = [...state.users.values()].find((user) => user.bot);
  const form = el(
    'form.dialog-box',
    { novalidate: true },
    el('h2', {}, avatar(app?.id ?? '0', 24), el('span', {}, modal.title)),
    el('p.notice', {}, notice(app)),
    el('div.form-parts', {}, parts),
    problem,
    el(
      'footer',
      {},
      el('button.button.secondary', { on: { click: () => dialog.close() } }, 'Cancel'),
      submit,
    ),
  );
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    const wrong = fields.map((f) => f.check()).filter(Boolean);
    if (wrong.length) {
      wrong[0].focus();
      return;
    }
    submit.classList.add('waiting');
    const values = Object.fromEntries(fields.map((f) => [f.id, f.value()]));
    const outcome = await act('submit', { token, fields: values });
    submit.classList.remove('waiting');
    if (!outcome || outcome.late) problem.textContent = 'Something went wrong. Try again.';
    else {
      dialog.close();
      settle(outcome, '');
    }
  });
  const dialog = openDialog(form, { label: modal.title, kind: 'modal' });
  (
    form.querySelector('.form-parts input, .form-parts textarea, .form-parts button') ?? submit
  ).focus();
}

const notice = (app) =>
  `This form will be submitted to ${nameOf(app?.id ?? '')}. ` +
  'Do not share passwords or other sensitive information.';

function draw(part, fields) {
  if (part.type === TEXT) return richText(part.content);
  if (part.type === LABEL) return labelled(part.component, part, fields);
  if (part.type === ROW) return part.components.map((c) => labelled(c, { label: c.label }, fields));
  return el('p.unknown', {}, `This page cannot show components of type ${part.type}.`);
}

function labelled(component, { label, description }, fields) {
  const made = field(component, label);
  if (!made)
    return el('p.unknown', {}, `This page cannot ask for components of type ${component.type}.`);
  fields.push(made);
  const star = made.required && el('span.star', { 'aria-hidden': 'true' }, ' *');
  return el(
    'div.labelled',
    { role: 'group', 'aria-label': label },
    el('div.label', { 'aria-hidden': 'true' }, label, star),
    description && el('div.description', {}, description),
    made.element,
    made.problem,
  );
}
