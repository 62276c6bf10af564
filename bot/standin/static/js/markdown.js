// Discord's markdown: text in, a tree out. Pure: no document, no state, so it can be tested alone.
//
// A node is {kind, ...}: text, code, fence, bold, italic, underline, strike, spoiler, heading,
// subtext, quote, list, link, user, role, channel, command, emoji, time, everyone, break.

import { namesUrl, safeUrl, withoutLooseBrackets } from './urls.js';

const DEEPEST = 24; // nesting beyond this is shown as it was typed

/**
 * Parse a message's text.
 * @param {string} text as it came in the payload
 * @returns {object[]} nodes
 */
export function parse(text) {
  return parseRun(text, { blocks: true, quoted: false, linked: false, depth: 0 });
}

function parseRun(text, context) {
  const nodes = [];
  let plain = '';
  const flush = () => {
    if (plain) nodes.push({ kind: 'text', text: plain });
    plain = '';
  };
  let at = 0;
  while (at < text.length) {
    const found = context.depth > DEEPEST ? null : readAt(text, at, context);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

const inner = (text, context, changes = {}) =>
  parseRun(text, { ...context, blocks: false, ...changes, depth: context.depth + 1 });

function readAt(text, at, context) {
  if (context.blocks && (at === 0 || text[at - 1] === '\n')) {
    const block = readBlock(text, at, context);
    if (block) return block;
  }
  for (const read of INLINE[text[at]] ?? []) {
    const found = read(text, at, context);
    if (found) return found;
  }
  return null;
}

function match(pattern, text, at) {
  pattern.lastIndex = at; // every pattern here is sticky
  return pattern.exec(text);
}

// Blocks: only at the beginning of a line

const HEADING = / {0,3}(#{1,3})[ \t]+(?!#)([^\n]+)(?:\n|$)/y;
const SUBTEXT = / {0,3}-#[ \t]+(?!-#)([^\n]+)(?:\n|$)/y;
const QUOTE_REST = / {0,3}>>> ([\s\S]*)/y;
const QUOTE_LINE = / {0,3}> ([^\n]*)(?:\n|$)/y;
const ITEM = /( {0,20})([-*]|\d{1,9}\.) +([^\n]+)(?:\n|$)/y;

function readBlock(text, at, context) {
  return (
    readHeading(text, at, context) ??
    readSubtext(text, at, context) ??
    readQuote(text, at, context) ??
    readList(text, at, context)
  );
}

function readHeading(text, at, context) {
  const found = match(HEADING, text, at);
  if (!found) return null;
  const children = inner(found[2].trim(), context);
  return { node: { kind: 'heading', level: found[1].length, children }, end: at + found[0].length };
}

function readSubtext(text, at, context) {
  const found = match(SUBTEXT, text, at);
  if (!found) return null;
  const children = inner(found[1], context);
  return { node: { kind: 'subtext', children }, end: at + found[0].length };
}

function readQuote(text, at, context) {
  if (context.quoted) return null;
  const rest = match(QUOTE_REST, text, at);
  let quoted = '';
  let end = at;
  if (rest) {
    quoted = rest[1];
    end = text.length;
  } else {
    const lines = [];
    let line;
    while (end < text.length && (line = match(QUOTE_LINE, text, end))) {
      lines.push(line[1]);
      end += line[0].length;
    }
    if (lines.length === 0) return null;
    quoted = lines.join('\n');
  }
  const children = inner(quoted, context, { blocks: true, quoted: true });
  return { node: { kind: 'quote', children }, end };
}

function readList(text, at, context) {
  const items = [];
  let end = at;
  let line;
  while (end < text.length && (line = match(ITEM, text, end))) {
    const level = Math.min(Math.floor(line[1].length / 2), 10);
    const number = /\d/.test(line[2]) ? Number.parseInt(line[2], 10) : null;
    items.push({ level, number, children: inner(line[3], context) });
    end += line[0].length;
  }
  return items.length ? { node: { kind: 'list', items }, end } : null;
}

// Inline

const ESCAPE = /\\([^0-9A-Za-z\s])/y;
const FENCE = /```(?:([a-z0-9_+\-.#]+)\n)?\n*([^\n][\s\S]*?)\n*```/iy;
const CODE = /(`{1,2})(?!`)([\s\S]*?[^`])\1(?!`)/y;
const BARE_URL = /https?:\/\/[^\s<]+[^\s<.,:;"'\]!?*_~|]/iy;
const ANGLE_URL = /<(https?:\/\/[^\s>]+)>/iy;
const LINK =
  /\[((?:\\.|[^\]\\\n]){1,1000})\]\(<?(https?:\/\/[^\s<>]{1,2000}?)>?(?: +"[^"\n]*")?\)/iy;
const CALL = /<(@!?|@&|#)(\d{1,20})>/y;
const COMMAND = /<\/([^:<>\n]{1,100}):(\d{1,20})>/y;
const EMOJI = /<(a?):(\w{2,32}):(\d{1,20})>/y;
const TIME = /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y;
const EVERYONE = /@(everyone|here)\b/y;

/** Make a reader for what one pattern says all about. */
const simple = (pattern, make) => (text, at) => {
  const found = match(pattern, text, at);
  return found && { node: make(found), end: at + found[0].length };
};

const readEscape = simple(ESCAPE, ([, sign]) => ({ kind: 'text', text: sign }));
const readEmoji = simple(EMOJI, ([, , name, id]) => ({ kind: 'emoji', name, id }));
const readCommand = simple(COMMAND, ([, name]) => ({ kind: 'command', name }));
const readEveryone = simple(EVERYONE, ([name]) => ({ kind: 'everyone', name }));

function readFence(text, at) {
  const found = match(FENCE, text, at);
  if (!found) return null;
  const end = at + found[0].length + (text[at + found[0].length] === '\n' ? 1 : 0);
  return { node: { kind: 'fence', language: found[1] ?? '', text: found[2] }, end };
}

function readCode(text, at) {
  const found = match(CODE, text, at);
  if (!found) return null;
  const inside = found[2].replace(/^ (?=[\s\S]*\S)([\s\S]*) $/, '$1');
  return { node: { kind: 'code', text: inside }, end: at + found[0].length };
}

/**
 * Make a reader for text between two equal marks.
 * @param {string} mark such as "**"
 * @param {string} kind the node's kind
 * @param {(text: string, close: number, open: number) => boolean} closes extra condition
 */
function between(mark, kind, closes = () => true) {
  return (text, at, context) => {
    if (!text.startsWith(mark, at)) return null;
    const open = at + mark.length;
    let close = findClose(text, open, mark);
    while (close > 0 && (close === open || !closes(text, close, open))) {
      close = findClose(text, close + 1, mark);
    }
    if (close < 0) return null;
    const children = inner(text.slice(open, close), context);
    return { node: { kind, children }, end: close + mark.length };
  };
}

/** Find a mark that no backslash precedes and no code holds; -1 if there is none. */
function findClose(text, from, mark) {
  for (let at = from; at <= text.length - mark.length; at += 1) {
    if (text[at] === '\\') {
      at += 1;
    } else if (text.startsWith(mark, at)) {
      return at;
    } else if (text[at] === '`') {
      const code = match(FENCE, text, at) ?? match(CODE, text, at);
      if (code) at += code[0].length - 1;
    }
  }
  return -1;
}

const isSpace = (letter) => letter === undefined || /\s/.test(letter);
const isWord = (letter) => letter !== undefined && /[0-9A-Za-z_]/.test(letter);

// "***both***": the outer mark closes as late as it can, so the inner one finds its own.
const notThird = (sign) => (text, close) => text[close + 2] !== sign;

const bold = between('**', 'bold', notThird('*'));
const underline = between('__', 'underline', notThird('_'));
const strike = between('~~', 'strike');
const spoiler = between('||', 'spoiler', (text, close) => text[close + 2] !== '|');

function readItalicStar(text, at, context) {
  if (isSpace(text[at + 1])) return null;
  for (let close = at + 1; close < text.length; close += 1) {
    if (text[close] === '\\') close += 1;
    else if (text.startsWith('**', close)) close += 1;
    else if (text[close] === '*') {
      if (isSpace(text[close - 1]) || /^\**$/.test(text.slice(at + 1, close))) return null;
      const children = inner(text.slice(at + 1, close), context);
      return { node: { kind: 'italic', children }, end: close + 1 };
    }
  }
  return null;
}

function readItalicLine(text, at, context) {
  for (let close = at + 1; close < text.length; close += 1) {
    if (text[close] === '\\') close += 1;
    else if (text.startsWith('__', close)) close += 1;
    else if (text[close] === '_') {
      if (isWord(text[close + 1]) || close === at + 1) return null;
      const children = inner(text.slice(at + 1, close), context);
      return { node: { kind: 'italic', children }, end: close + 1 };
    }
  }
  return null;
}

function readLink(text, at, context) {
  if (context.linked) return null;
  const found = match(LINK, text, at);
  // A link whose words are another address would deceive: Discord shows it as typed.
  if (!found || namesUrl(found[1]) || !safeUrl(found[2])) return null;
  const children = inner(found[1], context, { linked: true });
  return { node: { kind: 'link', url: found[2], children }, end: at + found[0].length };
}

function readUrl(text, at, context) {
  if (context.linked) return null;
  const found = match(BARE_URL, text, at);
  if (!found) return null;
  const url = withoutLooseBrackets(found[0]);
  if (!safeUrl(url)) return null;
  const children = [{ kind: 'text', text: url }];
  return { node: { kind: 'link', url, bare: true, children }, end: at + url.length };
}

function readAngle(text, at, context) {
  const link = match(ANGLE_URL, text, at);
  if (link && !context.linked && safeUrl(link[1])) {
    const children = [{ kind: 'text', text: link[1] }];
    return { node: { kind: 'link', url: link[1], bare: true, children }, end: at + link[0].length };
  }
  return readCall(text, at) ?? readTime(text, at) ?? readEmoji(text, at) ?? readCommand(text, at);
}

function readCall(text, at) {
  const found = match(CALL, text, at);
  if (!found) return null;
  const kind = { '@': 'user', '@!': 'user', '@&': 'role', '#': 'channel' }[found[1]];
  return { node: { kind, id: found[2] }, end: at + found[0].length };
}

function readTime(text, at) {
  const found = match(TIME, text, at);
  if (!found || Math.abs(Number(found[1])) > 8.64e12) return null;
  const node = { kind: 'time', seconds: Number(found[1]), style: found[2] ?? 'f' };
  return { node, end: at + found[0].length };
}

const INLINE = {
  '\\': [readEscape],
  '`': [readFence, readCode],
  '*': [bold, readItalicStar],
  _: [underline, readItalicLine],
  '~': [strike],
  '|': [spoiler],
  '[': [readLink],
  h: [readUrl],
  H: [readUrl],
  '<': [readAngle],
  '@': [readEveryone],
};
