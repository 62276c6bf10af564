// The page's drawings: 24 by 24, one colour, that of the text around them.

const PATHS = {
  hash: 'M10.6 3.1 9.9 8H5v2h4.6l-.7 5H4v2h4.6l-.7 4h2l.7-4h5l-.7 4h2l.7-4H22v-2h-4.1l.7-5H23V8h-4.1l.7-4.9h-2L16.9 8h-5l.7-4.9h-2zM11.6 10h5l-.7 5h-5l.7-5z',
  thread:
    'M4 3h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2h-6l-5 5v-5H4a2 2 0 0 1-2-2V5c0-1.1.9-2 2-2zm3 4v2h10V7H7zm0 4v2h6v-2H7z',
  chevron:
    'M5.3 9.3a1 1 0 0 1 1.4 0l5.3 5.3 5.3-5.3a1 1 0 1 1 1.4 1.4l-6 6a1 1 0 0 1-1.4 0l-6-6a1 1 0 0 1 0-1.4z',
  reply: 'M10 8.3V4L2.5 11.5 10 19v-4.4c5.2 0 8.9 1.7 11.5 5.4-1-5.3-4.1-10.6-11.5-11.7z',
  pencil:
    'm14 5 5 5L8.3 20.7 3 22l1.3-5.3L14 5zm1.4-1.4 2-2a1.5 1.5 0 0 1 2.1 0l2.9 2.9a1.5 1.5 0 0 1 0 2.1l-2 2-5-5z',
  bin: 'M9 2h6l1 2h5v2H3V4h5l1-2zM5 8h14l-1 12.2a2 2 0 0 1-2 1.8H8a2 2 0 0 1-2-1.8L5 8z',
  dots: 'M4 14a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm8 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4zm8 0a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  smile:
    'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20zM8.5 11a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zm7 0a1.5 1.5 0 1 0 0-3 1.5 1.5 0 0 0 0 3zM7 13.5a5 5 0 0 0 10 0H7z',
  react:
    'M11 3a9 9 0 1 0 8.9 10.5h-2A7 7 0 1 1 11 5V3zm-3 9a1.3 1.3 0 1 0 0-2.6A1.3 1.3 0 0 0 8 12zm6 0a1.3 1.3 0 1 0 0-2.6 1.3 1.3 0 0 0 0 2.6zm-7 2a4 4 0 0 0 8 0H7zM18 2v3h-3v2h3v3h2V7h3V5h-3V2h-2z',
  plus: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20zm-1 5v4H7v2h4v4h2v-4h4v-2h-4V7h-2z',
  close:
    'm12 10.6 5.3-5.3 1.4 1.4-5.3 5.3 5.3 5.3-1.4 1.4-5.3-5.3-5.3 5.3-1.4-1.4 5.3-5.3-5.3-5.3 1.4-1.4 5.3 5.3z',
  external:
    'M14 3h7v7h-2V6.4l-9.3 9.3-1.4-1.4L17.6 5H14V3zM5 5h5v2H5v12h12v-5h2v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V7c0-1.1.9-2 2-2z',
  eye: 'M12 5c5 0 9 4 10.5 7-1.5 3-5.5 7-10.5 7S3 15 1.5 12C3 9 7 5 12 5zm0 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm0-2a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  check: 'M20.3 6.3 9 17.6l-5.3-5.3 1.4-1.4L9 14.8l9.9-9.9 1.4 1.4z',
  warning: 'M12 2a10 10 0 1 1 0 20 10 10 0 0 1 0-20zm-1 5v7h2V7h-2zm0 8.5v2h2v-2h-2z',
  apps: 'M4 3h6v6H4V3zm10 0h6v6h-6V3zM4 13h6v6H4v-6zm13 0v3h3v2h-3v3h-2v-3h-3v-2h3v-3h2z',
  copy: 'M8 2h11a2 2 0 0 1 2 2v12h-2V4H8V2zM5 6h9a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2V8c0-1.1.9-2 2-2z',
  people:
    'M9 11a4 4 0 1 0 0-8 4 4 0 0 0 0 8zm-7 9c0-4 3-7 7-7s7 3 7 7H2zm15-9a3.5 3.5 0 1 0-1.5-6.7 6 6 0 0 1 0 6.4c.5.2 1 .3 1.5.3zm1 9h4c0-4-2-6.5-5-6.9a9 9 0 0 1 1 6.9z',
  file: 'M6 2h8l6 6v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V4c0-1.1.9-2 2-2zm7 1.5V9h5.5L13 3.5z',
  send: 'M3 3.5 22 12 3 20.5V14l10-2-10-2V3.5z',
  menu: 'M3 5h18v2H3V5zm0 6h18v2H3v-2zm0 6h18v2H3v-2z',
  at: 'M12 2a10 10 0 1 0 5 18.7l-1-1.7a8 8 0 1 1 4-7v1.2a1.8 1.8 0 0 1-3.5 0V8h-2v.8A4.5 4.5 0 1 0 15 15.4a3.8 3.8 0 0 0 7-2.2V12A10 10 0 0 0 12 2zm0 12.5a2.5 2.5 0 1 1 0-5 2.5 2.5 0 0 1 0 5z',
  swap: 'M7 3 2 8l5 5V9h11V7H7V3zm10 8v4H6v2h11v4l5-5-5-5z',
  search:
    'M10 3a7 7 0 1 1-4.4 12.4A7 7 0 0 1 10 3zm0 2a5 5 0 1 0 0 10 5 5 0 0 0 0-10zm5.5 9 5.5 5.5-1.4 1.4-5.5-5.5 1.4-1.4z',
  speech: 'M4 3h16a2 2 0 0 1 2 2v10a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V5c0-1.1.9-2 2-2z',
};

/**
 * Draw one of the icons; it is decoration, so the control beside it needs its own name.
 * @param {keyof typeof PATHS} name which
 * @param {number} size edge in CSS pixels
 */
export function icon(name, size = 20) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('width', size);
  svg.setAttribute('height', size);
  svg.setAttribute('aria-hidden', 'true');
  svg.classList.add('icon');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('fill', 'currentColor');
  path.setAttribute('fill-rule', 'evenodd');
  path.setAttribute('d', PATHS[name]);
  svg.append(path);
  return svg;
}
