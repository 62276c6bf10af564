// The page's conversation with its server: read, act, listen.

const HOME = '/discord/api';

/** The server said no, in a sentence for the person. */
export class Refusal extends Error {}

/**
 * Read something.
 * @param {string} what "state" or "history"
 * @param {Record<string, string>} query
 */
export async function read(what, query) {
  const answer = await fetch(`${HOME}/${what}?${new URLSearchParams(query)}`);
  return parsed(answer);
}

/**
 * Do something as a person.
 * @param {string} kind such as "send" or "press"
 * @param {object} fields what the act needs, `user` among them
 * @throws {Refusal}
 */
export async function act(kind, fields) {
  let answer;
  try {
    answer = await fetch(`${HOME}/act`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ kind, ...fields }),
    });
  } catch (error) {
    throw new Refusal('The sandbox does not answer. Is it still running?', { cause: error });
  }
  const outcome = await parsed(answer);
  document.dispatchEvent(new CustomEvent('did', { detail: kind }));
  return outcome;
}

async function parsed(answer) {
  const isJson = answer.headers.get('Content-Type')?.startsWith('application/json');
  if (!isJson) throw new Refusal(await answer.text());
  const body = await answer.json();
  if (body.error) throw new Refusal(body.error);
  return body;
}

/**
 * Listen to what happens from a cursor on.
 * @param {Record<string, string>} query user, after and violations
 * @param {(event: {t: string, d: object}, number: number) => void} heard
 * @param {(live: boolean) => void} connected
 * @returns {() => void} call it to stop listening
 */
export function listen(query, heard, connected) {
  const source = new EventSource(`${HOME}/events?${new URLSearchParams(query)}`);
  source.onmessage = (event) => heard(JSON.parse(event.data), numberOf(event.lastEventId));
  source.onopen = () => connected(true);
  source.onerror = () => connected(false);
  return () => source.close();
}

/** An event's place in the order of things, from its id or from a state's cursor. */
export const numberOf = (cursor) => Number(cursor.split('-')[1] ?? 0);
