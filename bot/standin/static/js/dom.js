// Small helpers over the document. Text always goes in as text, never as HTML.

/**
 * Make an element.
 * @param {string} tag such as "div" or "button.primary" (classes after dots)
 * @param {object} attributes attributes; `on` holds listeners, `data` holds data-*, `style` CSS
 * @param {...(Node|string|null|undefined|false|Array)} children what goes in, nothing skipped
 * @returns {HTMLElement}
 */
export function el(tag, attributes = {}, ...children) {
  const [name, ...classes] = tag.split('.');
  const element = document.createElement(name);
  if (classes.length) element.className = classes.join(' ');
  if (name === 'button') element.type = 'button';
  for (const [key, value] of Object.entries(attributes)) set(element, key, value);
  element.append(...children.flat(Infinity).filter((child) => child || child === 0));
  return element;
}

function set(element, key, value) {
  if (value === undefined || value === null || value === false) return;
  if (key === 'on') {
    for (const [event, listener] of Object.entries(value))
      element.addEventListener(event, listener);
  } else if (key === 'data') {
    Object.assign(element.dataset, value);
  } else if (key === 'style') {
    // Through the object model: the page's policy forbids style attributes.
    for (const [name, text] of Object.entries(value)) element.style.setProperty(name, text);
  } else if (key === 'class') {
    element.classList.add(...String(value).split(' ').filter(Boolean));
  } else {
    element.setAttribute(key, value === true ? '' : value);
  }
}

/** Return the one element with this id; the page always has it. */
export const byId = (id) => document.getElementById(id);

/** True on a screen as narrow as a phone's. */
export const isPhone = () => matchMedia('(max-width: 700px)').matches;

/** Read a message out to those who listen to the page. */
export function announce(text) {
  byId('announcer').textContent = text;
}

let toastTimer = 0;

/** Show a short sentence over the page for a few seconds. */
export function toast(text) {
  const box = byId('toast');
  box.textContent = text;
  box.hidden = false;
  clearTimeout(toastTimer);
  toastTimer = setTimeout(() => {
    box.hidden = true;
  }, 6000);
}
