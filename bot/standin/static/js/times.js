// Times as Discord shows them: always in the reader's own zone, relative ones kept live.

import { el } from './dom.js';

const LOCALE = 'en-GB';
const DAY = 86_400_000;

const STYLES = {
  t: { timeStyle: 'short' },
  T: { timeStyle: 'medium' },
  d: { day: '2-digit', month: '2-digit', year: 'numeric' },
  D: { dateStyle: 'long' },
  f: { day: 'numeric', month: 'long', year: 'numeric', hour: '2-digit', minute: '2-digit' },
  F: {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  },
  s: { dateStyle: 'short', timeStyle: 'short' },
  S: { dateStyle: 'short', timeStyle: 'medium' },
};

const UNITS = [
  ['year', 365 * DAY],
  ['month', 30 * DAY],
  ['day', DAY],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
];

const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: 'auto' });

/** A moment in one of Discord's styles: t T d D f F s S, or R for "3 minutes ago". */
export function formatTime(milliseconds, style, now = Date.now()) {
  if (style !== 'R') return new Intl.DateTimeFormat(LOCALE, STYLES[style]).format(milliseconds);
  const away = milliseconds - now;
  const [unit, length] = UNITS.find(([, size]) => Math.abs(away) >= size) ?? UNITS.at(-1);
  return relative.format(Math.round(away / length), unit);
}

/** The stamp a message's <t:...> becomes. */
export function stamp(seconds, style) {
  const milliseconds = seconds * 1000;
  return el(
    'time.stamp',
    {
      datetime: new Date(milliseconds).toISOString(),
      title: formatTime(milliseconds, 'F'),
      data: { live: style === 'R' ? String(milliseconds) : '' },
    },
    formatTime(milliseconds, style),
  );
}

/** Keep relative stamps true; called once. */
export function keepTimesLive() {
  setInterval(() => {
    for (const element of document.querySelectorAll('time[data-live]:not([data-live=""])')) {
      const text = formatTime(Number(element.dataset.live), 'R');
      if (element.textContent !== text) element.textContent = text;
    }
  }, 1000);
}

/** The time beside a message's author: "14:03", "Yesterday at 14:03" or the whole date. */
export function messageTime(iso, now = new Date()) {
  const then = new Date(iso);
  const clock = formatTime(then, 't');
  if (dayOf(then) === dayOf(now)) return clock;
  if (dayOf(then) === dayOf(new Date(now - DAY))) return `Yesterday at ${clock}`;
  return `${formatTime(then, 'd')}, ${clock}`;
}

/** The calendar day of a moment where the reader is, for dividers. */
export const dayOf = (moment) => new Date(moment).toDateString();
