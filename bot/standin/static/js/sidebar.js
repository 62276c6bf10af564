// The left side: server, channels with their unread marks, and who the reader is.

import { byId, el, isPhone } from './dom.js';
import { whenFree } from './hands.js';
import { icon } from './icons.js';
import { openUserMenu } from './menus.js';
import { appBadge, avatar, nameOf, roleNameOf, rolesOf, usersHere } from './names.js';
import { goTo } from './navigation.js';
import { closePopup, openPopup, rove } from './popup.js';
import { emit, on, state, THREAD_TYPES } from './state.js';
import { nameTag } from './text.js';
import { waiting } from './unread.js';

const CATEGORY = 4;

/** Start the left side; it follows the state from here on. */
export function startSidebar() {
  for (const topic of ['structure', 'current']) on(topic, draw);
  on('unread', drawSoon);
  on('message', ({ kind }) => kind === 'created' && drawSoon());
  byId('drawer-button').addEventListener('click', () => setDrawer(true));
  byId('drawer-shade').addEventListener('click', () => setDrawer(false));
  byId('members-button').addEventListener('click', toggleMembers);
  for (const id of ['person', 'person-short']) byId(id).addEventListener('click', openPeople);
  rove(byId('channels'), '.channel');
  document.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') setDrawer(false);
    if (event.altKey && ['ArrowUp', 'ArrowDown'].includes(event.key)) step(event);
  });
}

/** Open or close the channel list on a phone. */
export function setDrawer(open) {
  document.body.classList.toggle('drawer-open', open && isPhone());
}

function toggleMembers() {
  const shown = document.body.classList.toggle('members-hidden');
  byId('members-button').setAttribute('aria-pressed', String(!shown));
}

let drawTimer = 0;

/** Draw the channels' marks once for a burst of messages. */
function drawSoon() {
  drawTimer ||= setTimeout(() => {
    drawTimer = 0;
    whenFree(drawChannels);
  }, 50);
}

function draw() {
  byId('server-name').textContent = state.guild.name;
  byId('title-name').textContent = state.guild.name;
  byId('server').replaceChildren(initials(state.guild.name));
  byId('server').title = state.guild.name;
  drawChannels();
  drawPerson();
  drawHead();
  drawMembers();
}

const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => [...word][0])
    .join('')
    .slice(0, 3);

function drawChannels() {
  const focused = document.activeElement?.dataset?.channel;
  byId('channels').replaceChildren(...sorted().map(({ channel, depth }) => entry(channel, depth)));
  if (focused) byId('channels').querySelector(`[data-channel="${focused}"]`)?.focus();
  const calls = [...state.channels.keys()].reduce((sum, id) => sum + waiting(id).calls, 0);
  byId('drawer-button').classList.toggle('called', calls > 0);
  const name = state.channels.get(state.current)?.name ?? '';
  document.title = `${calls ? `(${calls}) ` : ''}#${name} | ${state.guild.name}`;
}

/** Channels in Discord's order: loose ones, then each category's, threads under their channel. */
function sorted() {
  const all = [...state.channels.values()];
  const under = (parent) =>
    all
      .filter((c) => (state.channels.has(c.parent_id) ? c.parent_id : null) === parent)
      .sort(
        (a, b) =>
          (a.type === CATEGORY) - (b.type === CATEGORY) || (a.position ?? 0) - (b.position ?? 0),
      );
  const walk = (parent, depth) =>
    under(parent).flatMap((channel) => [
      { channel, depth },
      ...walk(channel.id, channel.type === CATEGORY ? depth : depth + 1),
    ]);
  return walk(null, 0).filter(({ channel }) => !isArchived(channel));
}

const isArchived = (c) => c.thread_metadata?.archived && c.id !== state.current;

function entry(channel, depth) {
  if (channel.type === CATEGORY) return el('h3.category', {}, channel.name);
  const isThread = THREAD_TYPES.includes(channel.type);
  const { any, calls } = waiting(channel.id);
  const here = channel.id === state.current;
  const go = () => {
    setDrawer(false);
    goTo(channel.id);
  };
  return el(
    'button.channel',
    {
      class: [here && 'here', any && !here && 'unread', depth && isThread && 'thread']
        .filter(Boolean)
        .join(' '),
      'aria-current': here ? 'page' : null,
      'aria-label': `${channel.name}${any && !here ? ', unread' : ''}${isThread ? ' (thread)' : ''}`,
      tabindex: here ? '0' : '-1',
      data: { channel: channel.id },
      on: { click: go },
    },
    !isThread && icon('hash'),
    el('span', {}, channel.name),
    calls > 0 && !here && el('b.badge', { 'aria-label': `${calls} mentions` }, String(calls)),
  );
}

/** Alt with an arrow: the channel above or below, as in Discord. */
function step(event) {
  event.preventDefault();
  const ids = sorted()
    .map(({ channel }) => channel)
    .filter((c) => c.type !== CATEGORY)
    .map((c) => c.id);
  const at = ids.indexOf(state.current) + (event.key === 'ArrowDown' ? 1 : -1);
  goTo(ids[(at + ids.length) % ids.length]);
}

function drawHead() {
  const channel = state.channels.get(state.current);
  const isThread = channel && THREAD_TYPES.includes(channel.type);
  const parent = isThread && state.channels.get(channel.parent_id);
  byId('channel-name').replaceChildren(
    ...(parent
      ? [el('button.parent', { on: { click: () => goTo(parent.id) } }, parent.name), ' › ']
      : []),
    channel?.name ?? '',
  );
  byId('channel-icon').replaceChildren(icon(isThread ? 'thread' : 'hash', 24));
  byId('topic').textContent = channel?.topic ?? '';
}

// Who the reader is

function drawPerson() {
  const role = roleNameOf(state.me);
  byId('person').replaceChildren(
    avatar(state.me, 32),
    el(
      'span.who',
      {},
      el('strong', {}, nameOf(state.me)),
      el('small', {}, `${role} · switch person`),
    ),
    icon('swap', 18),
  );
  byId('person').setAttribute('aria-label', `You are ${nameOf(state.me)}, ${role}. Switch person`);
  byId('person-short').replaceChildren(avatar(state.me, 28));
  byId('person-short').setAttribute(
    'aria-label',
    `You are ${nameOf(state.me)}, ${role}. Switch person`,
  );
}

function openPeople(event) {
  const rows = state.people.map((id) =>
    el(
      'button.menu-item.person',
      {
        role: 'menuitemradio',
        'aria-checked': String(id === state.me),
        autofocus: id === state.me,
        data: { user: state.users.get(id).username },
        on: { click: () => choose(id) },
      },
      avatar(id, 32),
      el('span.who', {}, el('strong', {}, nameOf(id)), el('small', {}, roleNameOf(id))),
      id === state.me && icon('check', 18),
    ),
  );
  const menu = el('div.menu', { role: 'menu' }, el('div.menu-title', {}, 'View as'), rows);
  rove(menu, '.menu-item');
  openPopup(menu, { anchor: event.currentTarget });
}

function choose(id) {
  closePopup();
  setDrawer(false);
  if (id !== state.me) emit('person', id);
}

// Who else is here

function drawMembers() {
  const groups = new Map();
  for (const user of usersHere()) {
    const title = rolesOf(user.id).find((role) => !role.managed)?.name ?? 'Online';
    groups.set(title, [...(groups.get(title) ?? []), user]);
  }
  const position = (title) =>
    [...state.roles.values()].find((r) => r.name === title)?.position ?? -1;
  const titles = [...groups.keys()].sort((a, b) => position(b) - position(a));
  byId('members').replaceChildren(
    ...titles.flatMap((title) => [
      el('h3.category', {}, `${title} — ${groups.get(title).length}`),
      ...groups.get(title).map(memberRow),
    ]),
  );
}

function memberRow(user) {
  const open = (event) => openUserMenu(event, user.id);
  return el(
    'button.member',
    { on: { click: open, contextmenu: open } },
    avatar(user.id, 32),
    nameTag(user.id),
    user.bot && appBadge(),
  );
}
