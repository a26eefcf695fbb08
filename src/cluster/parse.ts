import { KproxyError } from '../errors.js';
import type { RawObject } from './objects.js';
import type { Parsed } from './parsed.js';
import { quotedIfHostile } from './problems.js';

/**
 * The documents in a text: JSON, several JSON documents one after another (as `jq -c` writes them), or YAML with any
 * number of documents. Throws a KproxyError (exit code 3) with the line and column where the text is cut off or wrong.
 */
export async function parseDocuments(source: string, text: string): Promise<readonly RawObject[]> {
  const json = source.endsWith('.json') || /^\s*[[{]/.test(text) ? parseJson(text) : undefined;
  // A flow mapping at the start of a YAML text looks like JSON; a file that calls itself JSON is told of its JSON error.
  const parsed = json?.is === 'wrong' && !source.endsWith('.json') ? await parseAsYaml(text, json) : json;
  const { is, ...result } = parsed ?? (await parseAsYaml(text));
  if ('values' in result) return result.values.map(value => ({ source, value }));
  throw unreadable(source, text, result.position, result.message);
}

/** The YAML parser is loaded only where it is needed, as it takes longer to load than the rest. */
async function parseAsYaml(text: string, otherwise?: Parsed): Promise<Parsed> {
  const { parseYaml } = await import('./yaml.js');
  const parsed = parseYaml(text);
  return parsed.is === 'parsed' ? parsed : (otherwise ?? parsed);
}

/** JSON.parse is many times faster than a YAML parser, which matters with ten thousand Services. */
export function parseJson(text: string): Parsed {
  const values: unknown[] = [];
  let start = 0;
  while (start < text.length) {
    const rest = text.slice(start);
    if (rest.trim() === '') break;
    const first = parseFirst(rest);
    if ('message' in first) return { is: 'wrong', message: first.message, position: start + first.position };
    values.push(first.value);
    start += first.length;
  }
  return { is: 'parsed', values };
}

type First =
  | { readonly value: unknown; readonly length: number }
  | { readonly message: string; readonly position: number };

function parseFirst(text: string): First {
  try {
    return { value: JSON.parse(text), length: text.length };
  } catch (error) {
    const message = (error as SyntaxError).message;
    const position = Number(/ at position (\d+)/.exec(message)?.[1] ?? text.length);
    if (!message.startsWith('Unexpected non-whitespace character after JSON') || !'{['.includes(text[position] ?? '')) {
      return { message: message.replace(/ (in JSON )?at position \d+.*$/s, ''), position };
    }
    return { value: JSON.parse(text.slice(0, position)), length: position };
  }
}

function unreadable(source: string, text: string, position: number, message: string): KproxyError {
  const before = text.slice(0, position).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return new KproxyError({
    message: `${quotedIfHostile(source)}: ${place}: ${quotedIfHostile(message)}`,
    code: 'input-malformed',
    advice: 'mend the text there (it may be cut off); nothing was used',
  });
}
