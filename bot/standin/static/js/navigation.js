// Where the page is: the person and channel in its address, and links that lead to messages.

import { el, toast } from './dom.js';
import { emit, readOlder, refresh, show, state } from './state.js';
import { safeUrl } from './urls.js';

const JUMP = /^https:\/\/(?:\w+\.)?discord(?:app)?\.com\/channels\/(\d+)\/(\d+)(?:\/(\d+))?\/?$/;
const MOST_PAGES = 40; // how far back a jump looks

/** Read the page's own address. */
export function place() {
  const query = new URLSearchParams(location.search);
  const wanted = query.get('channel') ?? '';
  return {
    user: query.get('user') ?? '',
    channel: channelNamed(wanted),
    message: query.get('message'),
  };
}

function channelNamed(wanted) {
  if (state.channels.has(wanted)) return wanted;
  return [...state.channels.values()].find((c) => c.name === wanted)?.id ?? '';
}

/** Write person and channel into the address, so that a reload or a shared link shows the same. */
export function remember({ push = false, message = null } = {}) {
  const query = new URLSearchParams({ user: state.users.get(state.me)?.username ?? state.me });
  const channel = state.channels.get(state.current);
  if (channel) query.set('channel', isOnlyOne(channel) ? channel.name : channel.id);
  if (message) query.set('message', message);
  const address = `${location.pathname}?${query}`;
  if (push && address !== location.pathname + location.search) history.pushState(null, '', address);
  else history.replaceState(null, '', address);
}

const isOnlyOne = (channel) =>
  /^[\w-]+$/.test(channel.name) &&
  [...state.channels.values()].filter((c) => c.name === channel.name).length === 1;

/**
 * Go to a channel, and to a message in it if one is given.
 * @param {string} channel id
 * @param {string|null} message id
 */
export async function goTo(channel, message = null) {
  // A thread's message may be shown before the thread itself is known.
  if (!state.channels.has(channel)) await refresh();
  if (!state.channels.has(channel)) {
    toast('You do not have access to this link.');
    return;
  }
  if (channel !== state.current) show(channel);
  remember({ push: true, message });
  if (!message) return;
  for (let page = 0; page < MOST_PAGES && !state.messages.get(channel)?.has(message); page += 1) {
    if (!(await readOlder(channel))) break;
  }
  if (state.messages.get(channel)?.has(message)) emit('jump', message);
  else toast('That message is not here any more.');
}

/** The channel and message a link to Discord leads to, or null for any other link. */
export function jumpTarget(url) {
  const found = JUMP.exec(url);
  return found && { channel: found[2], message: found[3] ?? null };
}

/**
 * Make a link: in-page for links to messages, a new tab for the rest, plain text if unsafe.
 * @param {string} url where to
 * @param {object} attributes further attributes
 * @param {...Node} children what is shown
 */
export function link(url, attributes, ...children) {
  const target = jumpTarget(url);
  if (target) {
    const go = (event) => {
      event.preventDefault();
      goTo(target.channel, target.message);
    };
    const query = new URLSearchParams({
      user: state.users.get(state.me)?.username ?? state.me,
      channel: target.channel,
      ...(target.message && { message: target.message }),
    });
    return el(
      'a',
      { ...attributes, href: `${location.pathname}?${query}`, on: { click: go } },
      ...children,
    );
  }
  if (!safeUrl(url)) return el('span', {}, ...children);
  const away = { href: url, target: '_blank', rel: 'noopener noreferrer nofollow', title: url };
  return el('a', { ...attributes, ...away }, ...children);
}
