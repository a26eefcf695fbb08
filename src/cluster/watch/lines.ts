import { broken } from './failure.js';
import type { Texts } from './request.js';

/**
 * The whole lines of a text that comes in pieces which are cut anywhere. Throws a FollowFailure where the text ends in the
 * middle of a line.
 */
export async function* lines(texts: Texts): AsyncGenerator<string> {
  let unfinished: string[] = [];
  for await (const text of texts) {
    const parts = text.split('\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = unfinished.length === 0 ? part : [...unfinished, part].join('');
      unfinished = [];
      if (line.trim() !== '') yield line;
    }
    if (rest !== '') unfinished.push(rest);
  }
  if (unfinished.length > 0) throw broken(new Error('the last line is not whole'));
}
