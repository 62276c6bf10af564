// Things that open over the page: menus, lists, pickers. One at a time, closed by Escape.

import { el, isPhone } from './dom.js';

let closeOpen = () => {};

/**
 * Open something over the page.
 * @param {HTMLElement} content what is shown; gets the focus if it has an [autofocus] part
 * @param {object} where
 * @param {HTMLElement} [where.anchor] the control it belongs to; gets the focus back
 * @param {{x: number, y: number}} [where.point] where the pointer was
 * @param {boolean} [where.wide] as wide as the anchor
 * @param {() => void} [where.closed] called when it closes, however that comes
 * @returns {() => void} call it to close
 */
export function openPopup(content, { anchor, point, wide = false, closed = () => {} }) {
  closeOpen();
  const focusedBefore = anchor ?? document.activeElement;
  const shell = el('div.popup', { popover: 'auto' }, content);
  // Inside an open dialog, or the dialog would keep the popup from being used.
  (anchor?.closest('dialog') ?? document.body).append(shell);
  shell.showPopover();
  if (!isPhone()) position(shell, { anchor, point, wide });
  else shell.classList.add('sheet');
  const close = () => shell.isConnected && shell.hidePopover();
  shell.addEventListener('toggle', (event) => {
    if (event.newState !== 'closed') return;
    const hadFocus =
      shell.contains(document.activeElement) || document.activeElement === document.body;
    shell.remove();
    if (closeOpen === close) closeOpen = () => {};
    if (hadFocus) focusedBefore?.focus?.();
    closed();
  });
  closeOpen = close;
  shell.querySelector('[autofocus]')?.focus();
  return close;
}

function position(shell, { anchor, point, wide }) {
  const around = anchor?.getBoundingClientRect();
  if (wide && around) shell.style.width = `${around.width}px`;
  const { width, height } = shell.getBoundingClientRect();
  const edge = 8;
  const left = point ? point.x : around.left;
  let top = point ? point.y : around.bottom + 4;
  if (top + height > innerHeight - edge) {
    top = point ? innerHeight - height - edge : around.top - height - 4;
  }
  shell.style.left = `${Math.max(edge, Math.min(left, innerWidth - width - edge))}px`;
  shell.style.top = `${Math.max(edge, top)}px`;
}

/** Close whatever is open over the page. */
export const closePopup = () => closeOpen();

/**
 * Move the focus among a group of controls with the arrow keys, Home and End.
 * @param {HTMLElement} box what holds them
 * @param {string} selector which they are
 * @param {{columns?: number}} options controls in a row, for up and down in a grid
 */
export function rove(box, selector, { columns = 1 } = {}) {
  box.addEventListener('keydown', (event) => {
    const controls = [...box.querySelectorAll(selector)];
    const at = controls.indexOf(document.activeElement);
    const steps = { ArrowDown: columns, ArrowUp: -columns };
    if (columns > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
    let to = at + (steps[event.key] ?? 0);
    if (event.key === 'Home') to = 0;
    if (event.key === 'End') to = controls.length - 1;
    if (to === at || controls.length === 0) return;
    event.preventDefault();
    controls[(to + controls.length) % controls.length].focus();
  });
}
