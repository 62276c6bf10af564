// The fields of a form: each knows its value and whether that will do.

import { el } from './dom.js';
import { chosenAtFirst, select } from './select.js';

const PARAGRAPH = 2;

/**
 * Make a field.
 * @param {object} component as it came in the payload
 * @param {string} label its name
 * @returns {{id, element, problem, required, value, check}|null} null for an unknown kind
 */
export function field(component, label) {
  const made = MAKE[component.type]?.(component, label);
  if (!made) return null;
  const problem = el('p.problem', { role: 'alert' });
  const check = () => {
    problem.textContent = made.wrong() ?? '';
    made.focused.setAttribute('aria-invalid', String(Boolean(problem.textContent)));
    return problem.textContent ? made.focused : null;
  };
  return { ...made, id: component.custom_id, required: isRequired(component), problem, check };
}

const isRequired = (component) => component.type !== 23 && component.required !== false;
const MISSING = 'This field is required.';

const MAKE = {
  3: chooser,
  4: textInput,
  5: chooser,
  6: chooser,
  7: chooser,
  8: chooser,
  21: radioGroup,
  22: checkboxGroup,
  23: checkbox,
};

function textInput(c, label) {
  const isLong = c.style === PARAGRAPH;
  const input = el(isLong ? 'textarea' : 'input', {
    type: isLong ? null : 'text',
    rows: isLong ? 4 : null,
    maxlength: c.max_length ?? 4000,
    placeholder: c.placeholder,
    'aria-label': label,
    'aria-required': String(isRequired(c)),
    dir: 'auto',
    data: { id: c.custom_id },
  });
  input.value = c.value ?? '';
  const left = el('span.left', { 'aria-hidden': 'true' });
  const count = () => {
    left.textContent =
      isLong || c.max_length ? `${(c.max_length ?? 4000) - input.value.length}` : '';
  };
  input.addEventListener('input', count);
  count();
  const wrong = () => {
    if (isRequired(c) && !input.value.trim()) return MISSING;
    if (input.value && input.value.length < (c.min_length ?? 0))
      return `Must be ${c.min_length} or more characters.`;
    return null;
  };
  const element = el('div.text-field', { class: isLong ? 'long' : '' }, input, left);
  return { element, focused: input, value: () => input.value, wrong };
}

function chooser(c, label) {
  let values = chosenAtFirst(c);
  const element = select(c, (chosen) => (values = chosen), { label });
  const wrong = () => (isRequired(c) && values.length === 0 ? MISSING : null);
  return { element, focused: element, value: () => values, wrong };
}

function radioGroup(c, label) {
  const element = choices(c, 'radio', label);
  const chosen = () => element.querySelector('input:checked')?.value ?? '';
  const wrong = () => (isRequired(c) && !chosen() ? MISSING : null);
  return { element, focused: element.querySelector('input'), value: chosen, wrong };
}

function checkboxGroup(c, label) {
  const element = choices(c, 'checkbox', label);
  const chosen = () => [...element.querySelectorAll('input:checked')].map((i) => i.value);
  const least = isRequired(c) ? (c.min_values ?? 1) : 0;
  const most = c.max_values ?? c.options.length;
  const wrong = () => {
    if (chosen().length < least) return least === 1 ? MISSING : `Choose at least ${least}.`;
    return chosen().length > most ? `Choose at most ${most}.` : null;
  };
  return { element, focused: element.querySelector('input'), value: chosen, wrong };
}

function choices(c, type, label) {
  const rows = c.options.map((option) => {
    const input = el('input', {
      type,
      name: c.custom_id,
      value: option.value,
      checked: option.default,
    });
    const words = el(
      'span',
      {},
      option.label,
      option.description && el('small', {}, option.description),
    );
    return el('label.choice', {}, input, words);
  });
  const role = type === 'radio' ? 'radiogroup' : 'group';
  return el('div.choices', { role, 'aria-label': label, data: { id: c.custom_id } }, rows);
}

function checkbox(c, label) {
  const input = el('input', {
    type: 'checkbox',
    checked: c.default,
    'aria-label': label,
    data: { id: c.custom_id },
  });
  const element = el('div.choice', {}, input);
  return {
    element,
    focused: input,
    value: () => (input.checked ? 'true' : 'false'),
    wrong: () => null,
  };
}
