// A small emoji picker, and the names that ":name" completes to.

import { el } from './dom.js';
import { closePopup, openPopup, rove } from './popup.js';

/** The ones offered first. */
export const RECENT = ['👍', '✅', '🙈', '🔨', '❤️', '👀', '🎉', '😂'];

const GROUPS = {
  'Frequently used': {
    '👍': 'thumbsup',
    '✅': 'white_check_mark',
    '🙈': 'see_no_evil',
    '🔨': 'hammer',
    '❤️': 'heart',
    '👀': 'eyes',
    '🎉': 'tada',
    '😂': 'joy',
    '🚫': 'no_entry_sign',
    '❌': 'x',
    '⚠️': 'warning',
    '⏳': 'hourglass_flowing_sand',
    '🔁': 'repeat',
    '📌': 'pushpin',
    '❓': 'question',
    '💯': '100',
  },
  People: {
    '😀': 'grinning',
    '😄': 'smile',
    '😅': 'sweat_smile',
    '🙂': 'slight_smile',
    '😉': 'wink',
    '😊': 'blush',
    '😍': 'heart_eyes',
    '🤔': 'thinking',
    '😐': 'neutral_face',
    '🙄': 'rolling_eyes',
    '😬': 'grimacing',
    '😴': 'sleeping',
    '😢': 'cry',
    '😭': 'sob',
    '😡': 'rage',
    '🤬': 'swearing',
    '😱': 'scream',
    '🤯': 'exploding_head',
    '🤷': 'shrug',
    '🤦': 'face_palm',
    '🙏': 'pray',
    '👏': 'clap',
    '👋': 'wave',
    '👌': 'ok_hand',
    '✌️': 'v',
    '👎': 'thumbsdown',
    '💪': 'muscle',
    '🤝': 'handshake',
    '👮': 'police_officer',
    '🕵️': 'detective',
  },
  Nature: {
    '🐶': 'dog',
    '🐱': 'cat',
    '🦊': 'fox',
    '🐻': 'bear',
    '🐸': 'frog',
    '🐝': 'bee',
    '🦋': 'butterfly',
    '🌱': 'seedling',
    '🌳': 'deciduous_tree',
    '🌸': 'cherry_blossom',
    '☀️': 'sunny',
    '🌧️': 'cloud_rain',
    '⚡': 'zap',
    '🔥': 'fire',
    '🌊': 'ocean',
    '❄️': 'snowflake',
  },
  Things: {
    '☕': 'coffee',
    '🍵': 'tea',
    '🍕': 'pizza',
    '🍰': 'cake',
    '🍺': 'beer',
    '🚂': 'steam_locomotive',
    '🚗': 'red_car',
    '🚲': 'bike',
    '🏠': 'house',
    '📰': 'newspaper',
    '📈': 'chart_with_upwards_trend',
    '📉': 'chart_with_downwards_trend',
    '📎': 'paperclip',
    '🔒': 'lock',
    '🔑': 'key',
    '🔔': 'bell',
    '🔇': 'mute',
    '⚖️': 'scales',
    '🧵': 'thread',
    '🗑️': 'wastebasket',
    '💬': 'speech_balloon',
    '🚨': 'rotating_light',
    '🛑': 'octagonal_sign',
    '🏁': 'checkered_flag',
  },
  Signs: {
    '🔴': 'red_circle',
    '🟠': 'orange_circle',
    '🟡': 'yellow_circle',
    '🟢': 'green_circle',
    '🔵': 'blue_circle',
    '⚪': 'white_circle',
    '⬆️': 'arrow_up',
    '⬇️': 'arrow_down',
    '➡️': 'arrow_right',
    '1️⃣': 'one',
    '2️⃣': 'two',
    '3️⃣': 'three',
    '4️⃣': 'four',
    '5️⃣': 'five',
    '🆗': 'ok',
    '🆕': 'new',
  },
};

const COLUMNS = 8;
const ALL = Object.values(GROUPS).flatMap((group) => Object.entries(group));

/** Emoji whose name begins with (or else holds) a word, best first. */
export function findEmoji(word, most = 8) {
  const starts = ALL.filter(([, name]) => name.startsWith(word));
  const holds = ALL.filter(([, name]) => !name.startsWith(word) && name.includes(word));
  return [...starts, ...holds].slice(0, most).map(([emoji, name]) => ({ emoji, name }));
}

/** Turn ":thumbsup:" and the like into the emoji themselves. */
export function withEmoji(text) {
  return text.replace(
    /:(\w+):/g,
    (typed, word) => ALL.find(([, name]) => name === word)?.[0] ?? typed,
  );
}

/**
 * Open the picker.
 * @param {HTMLElement} anchor the control it belongs to
 * @param {(emoji: string) => void} chosen
 */
export function openEmojiPicker(anchor, chosen) {
  const search = el('input', {
    type: 'text',
    placeholder: 'Find the perfect emoji',
    'aria-label': 'Find an emoji',
    autofocus: true,
  });
  const grid = el('div.emoji-grid');
  const choose = (emoji) => {
    closePopup();
    chosen(emoji);
  };
  const button = ([emoji, name]) =>
    el(
      'button',
      { title: `:${name}:`, 'aria-label': name, on: { click: () => choose(emoji) } },
      emoji,
    );
  const draw = () => {
    const word = search.value.trim().toLowerCase().replaceAll(':', '').replaceAll(' ', '_');
    const groups = Object.entries(GROUPS).map(([title, group]) => {
      const hits = Object.entries(group).filter(([, name]) => name.includes(word));
      return hits.length > 0 && [el('h4', {}, title), el('div.emoji-row', {}, hits.map(button))];
    });
    grid.replaceChildren(...groups.flat().filter(Boolean));
  };
  search.addEventListener('input', draw);
  search.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') grid.querySelector('button')?.click();
    if (event.key === 'ArrowDown') grid.querySelector('button')?.focus();
  });
  draw();
  rove(grid, 'button', { columns: COLUMNS });
  openPopup(el('div.emoji-picker', { role: 'dialog', 'aria-label': 'Emoji' }, search, grid), {
    anchor,
  });
}
