import { broken, garbage } from './failure.js';
import type { Texts } from './request.js';

/** In UTF-16 units. etcd takes no object above a megabyte or two; what is longer than this is no line of an API server. */
const longestLine = 32_000_000;

/**
 * The whole lines of a text that comes in pieces which are cut anywhere. Throws a FollowFailure where the text ends in the
 * middle of a line, or where a line has no end. `resource` is what is asked for, for messages.
 */
export async function* lines(texts: Texts, resource: string): AsyncGenerator<string> {
  let unfinished: string[] = [];
  let length = 0;
  for await (const text of texts) {
    const parts = text.split('\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = unfinished.length === 0 ? part : [...unfinished, part].join('');
      unfinished = [];
      length = 0;
      if (line.trim() !== '') yield line;
    }
    if (rest !== '') unfinished.push(rest);
    length += rest.length;
    if (length > longestLine) throw garbage(resource, `a line without an end: ${length} characters`);
  }
  if (unfinished.length > 0) throw broken(new Error('the last line is not whole'));
}
