// Small dialogs: asking before a message goes, and looking at a picture.

import { el } from './dom.js';
import { nameOf } from './names.js';
import { act } from './state.js';

/**
 * Open a dialog; it goes when closed.
 * @param {HTMLElement} content what it shows
 * @param {{label: string, kind?: string, closed?: () => void}} options
 * @returns {HTMLDialogElement}
 */
export function openDialog(content, { label, kind = '', closed = () => {} }) {
  const before = document.activeElement;
  const dialog = el('dialog', { class: kind, 'aria-label': label }, content);
  document.body.append(dialog);
  dialog.addEventListener('close', () => {
    dialog.remove();
    if (before?.isConnected) before.focus();
    closed();
  });
  dialog.addEventListener('pointerdown', (event) => {
    if (event.target === dialog) dialog.close(); // only the backdrop: the content fills the rest
  });
  dialog.showModal();
  return dialog;
}

/** Ask before deleting a message. */
export function confirmDelete(message) {
  const remove = () => {
    dialog.close();
    act('delete', { channel: message.channel_id, message: message.id });
  };
  const box = el(
    'div.dialog-box',
    {},
    el('h2', {}, 'Delete Message'),
    el('p', {}, 'Are you sure you want to delete this message?'),
    el('p.quoted', { dir: 'auto' }, el('strong', {}, nameOf(message.author)), ' ', message.content),
    el(
      'footer',
      {},
      el('button.button.secondary', { on: { click: () => dialog.close() } }, 'Cancel'),
      el('button.button.danger', { autofocus: true, on: { click: remove } }, 'Delete'),
    ),
  );
  const dialog = openDialog(box, { label: 'Delete message' });
}

/** Show a picture as large as the window allows. */
export function openPicture(url, description) {
  const close = () => dialog.close();
  const picture = el('img', { src: url, alt: description || 'Picture', on: { click: close } });
  const box = el(
    'figure',
    {},
    picture,
    el(
      'figcaption',
      {},
      description,
      ' ',
      el('button.linklike', { on: { click: close } }, 'Close'),
    ),
  );
  const dialog = openDialog(box, { label: description || 'Picture', kind: 'picture' });
}
