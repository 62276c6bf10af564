// Web addresses in people's texts.

/** Only plain web addresses become links. */
export function safeUrl(url) {
  try {
    return ['http:', 'https:'].includes(new URL(url).protocol);
  } catch {
    return false;
  }
}

/** Whether a text itself names an address. */
export const namesUrl = (text) => /https?:\/\//i.test(text);

/** Leave out closing brackets that were never opened: "(see https://a.example/b)". */
export function withoutLooseBrackets(url) {
  let end = url.length;
  const count = (sign) => url.slice(0, end).split(sign).length;
  while (url[end - 1] === ')' && count(')') > count('(')) end -= 1;
  return url.slice(0, end);
}
