// Embeds: the boxes of before Components V2.

import { el } from './dom.js';
import { picture } from './media.js';
import { cssColour } from './names.js';
import { link } from './navigation.js';
import { richText } from './text.js';
import { messageTime } from './times.js';

/** Draw an embed. */
export function embed(e) {
  const box = el(
    'article.embed',
    {},
    el(
      'div.embed-main',
      {},
      e.author && el('div.embed-author', {}, linked(e.author.url, e.author.name)),
      e.title && el('div.embed-title', {}, linked(e.url, richText(e.title))),
      e.description && richText(e.description),
      e.fields?.length > 0 && fields(e.fields),
    ),
    e.thumbnail &&
      el('div.embed-thumbnail', {}, picture(e.thumbnail, e.thumbnail.description, false)),
    e.image && el('div.embed-image', {}, picture(e.image, e.image.description)),
    (e.footer || e.timestamp) && el('footer', {}, footer(e)),
  );
  if (e.color !== null && e.color !== undefined) {
    box.style.setProperty('--accent', cssColour(e.color));
  }
  return box;
}

const linked = (url, child) => (url ? link(url, {}, child) : child);

function footer(e) {
  return [e.footer?.text, e.timestamp && messageTime(e.timestamp)].filter(Boolean).join(' • ');
}

/** Fields beside one another share a row of up to three. */
function fields(list) {
  const rows = [];
  for (const field of list) {
    const last = rows.at(-1);
    if (field.inline && last?.[0].inline && last.length < 3) last.push(field);
    else rows.push([field]);
  }
  return el(
    'div.fields',
    {},
    rows.map((row) =>
      row.map((field) =>
        el(
          'div.field',
          { style: { '--span': String(12 / row.length) } },
          el('div.field-name', {}, richText(field.name)),
          richText(field.value),
        ),
      ),
    ),
  );
}
