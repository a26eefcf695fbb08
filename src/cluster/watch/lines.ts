import { disconnection, malformedAnswer } from './failure.js';
import type { TextChunks } from './request.js';

/** In UTF-16 units. etcd stores no object above one or two megabytes, so a longer text is no line of an API server. */
const maximumLength = 32_000_000;

/**
 * Yields the complete lines of a text whose chunks may end anywhere.
 * @param resource the requested resource, for messages
 * @throws ReflectorFailure if the text ends in the middle of a line, or a line is too long
 */
export async function* linesOf(chunks: TextChunks, resource: string): AsyncGenerator<string> {
  let unfinished: string[] = [];
  let length = 0;
  for await (const chunk of chunks) {
    const parts = chunk.split('\n');
    const rest = parts.pop() ?? '';
    for (const part of parts) {
      const line = unfinished.length === 0 ? part : [...unfinished, part].join('');
      unfinished = [];
      length = 0;
      if (line.trim() !== '') yield line;
    }
    if (rest !== '') unfinished.push(rest);
    length += rest.length;
    if (length > maximumLength) throw malformedAnswer(resource, `a line without an end: ${length} characters`);
  }
  if (unfinished.length > 0) throw disconnection(new Error('the last line is not complete'));
}
