// Pictures and files.

import { el } from './dom.js';
import { openPicture } from './dialogs.js';
import { icon } from './icons.js';

const WIDEST = 550;
const TALLEST = 350;

/** A gallery of up to ten pictures, laid out in rows. */
export function gallery(items) {
  const tiles = items.map((item) => tile(item, items.length === 1));
  return el('div.gallery', { data: { count: String(items.length) } }, tiles);
}

function tile(item, alone) {
  return cover(picture(item.media, item.description, alone), item.spoiler);
}

/**
 * A picture that opens large when pressed.
 * @param {{url: string, width?: number, height?: number}} media
 * @param {string} description its alternative text
 * @param {boolean} sized keep its own proportions
 */
export function picture(media, description, sized = true) {
  const { url, width, height } = media;
  const label = description || 'Picture without a description';
  const image = el('img', { src: url, alt: description ?? '', width, height });
  if (sized && width && height) {
    // Its place is kept before it arrives, so that nothing below jumps.
    const scale = Math.min(1, WIDEST / width, TALLEST / height);
    image.style.width = `${Math.round(width * scale)}px`;
  }
  image.addEventListener('error', () => {
    box.replaceChildren(
      icon('warning'),
      el('span', {}, description || 'This picture is not here.'),
    );
    box.classList.add('missing');
  });
  const open = () => openPicture(url, description);
  const box = el('button.picture', { 'aria-label': label, on: { click: open } }, image);
  if (sized) box.classList.add('sized');
  if (description) {
    const hint = el('span.alt', { title: description, 'aria-hidden': 'true' }, 'ALT');
    return el('div.pictured', {}, box, hint);
  }
  return el('div.pictured', {}, box);
}

/** Cover something until it is pressed. */
export function cover(element, isCovered) {
  if (!isCovered) return element;
  const lid = el('button.lid', { on: { click: () => box.replaceWith(element) } }, 'SPOILER');
  element.inert = true;
  lid.addEventListener('click', () => {
    element.inert = false;
  });
  const box = el('div.covered', {}, element, lid);
  return box;
}

/** A file to download. */
export function file({ url, filename, size }) {
  const name = filename ?? decodeURIComponent(url.split('/').at(-1).split('?')[0]);
  const words = el(
    'span',
    {},
    el('a', { href: url, download: name }, name),
    el('small', {}, sizeOf(size)),
  );
  return el('div.file', {}, icon('file', 32), words);
}

function sizeOf(bytes) {
  if (!bytes) return '';
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(2)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(2)} MB`;
}

/** A message's attachment: a picture or a file. */
export function attachment(a) {
  if (!a.content_type?.startsWith('image/')) return file(a);
  return cover(picture(a, a.description), a.filename.startsWith('SPOILER_'));
}
