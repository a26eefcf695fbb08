import { parseAllDocuments, type ScalarTag } from 'yaml';
import { messageOf } from '../errors.js';
import type { ParseResult } from './parse-result.js';

/**
 * Keeps numbers with leading zeros as texts: kubectl reads `010` as eight (YAML 1.1), YAML 1.2 as ten. Where kproxy
 * needs a number, the text makes the object invalid; a file mode in a Deployment harms nothing.
 */
const ambiguousNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-9]+$/,
  resolve: text => text,
};

/** Parses all documents of a YAML text and leaves out empty ones. Of repeated keys, if they may be, the last counts. */
export function parseYaml(text: string, { mayRepeatKeys = false } = {}): ParseResult {
  const documents = parseAllDocuments(text, {
    merge: true,
    uniqueKeys: !mayRepeatKeys,
    prettyErrors: false,
    // Otherwise the library prints warnings itself. The schemas find what it would warn of.
    logLevel: 'error',
    customTags: tags => [ambiguousNumber, ...tags],
  });
  if (!Array.isArray(documents)) return { ok: true, values: [] };
  for (const { errors } of documents) {
    const [error] = errors;
    if (error !== undefined) return { ok: false, message: messageOfYaml(error.message), position: error.pos[0] };
  }
  return valuesOf(documents);
}

/** The parser reports a text that is nested too deeply with V8's words. */
const messageOfYaml = (message: string): string =>
  message.startsWith('Maximum call stack') ? 'is nested too deeply' : message;

/** Builds the values. Only this finds aliases that expand without end. */
function valuesOf(documents: readonly { toJS(): unknown }[]): ParseResult {
  try {
    return { ok: true, values: documents.map(document => document.toJS()).filter(value => value !== null) };
  } catch (error) {
    const message = error instanceof RangeError ? 'is nested too deeply' : messageOf(error);
    return { ok: false, message, position: 0 };
  }
}
