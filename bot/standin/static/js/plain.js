// What a text says without its marks.

/** Whether a text is nothing but emoji (and not too many): Discord shows those large. */
export function isOnlyEmoji(text) {
  const marks = text.trim().match(/<a?:\w+:\d+>|\p{RGI_Emoji}|\s+/gv);
  return Boolean(marks) && marks.length <= 27 && marks.join('') === text.trim();
}

/**
 * A text without its marks, for a reply's one line.
 * @param {object[]} nodes from `parse`
 * @param {(node: object) => string} describe words for what is no text: names, times, emoji
 */
export function plainText(nodes, describe = () => '') {
  return nodes.map((node) => plainNode(node, describe)).join('');
}

function plainNode(node, describe) {
  if (node.kind === 'spoiler') return '▇▇▇';
  if (node.text !== undefined) return node.text;
  if (node.items) return node.items.map((item) => plainText(item.children, describe)).join(' ');
  if (node.children) return plainText(node.children, describe);
  return describe(node);
}
