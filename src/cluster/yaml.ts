import { type Document, isMap, isScalar, isSeq, parseAllDocuments, type ScalarTag } from 'yaml';
import { messageOf } from '../errors.js';
import type { ParseResult } from './parse-result.js';
import { repeatedYamlKey } from './repeated-key.js';

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
    // The library compares each key with all before it, which takes minutes for tens of thousands.
    uniqueKeys: false,
    prettyErrors: false,
    // Otherwise the library prints warnings itself. The schemas find what it would warn of.
    logLevel: 'error',
    customTags: tags => [ambiguousNumber, ...tags],
  });
  if (!Array.isArray(documents)) return { ok: true, values: [] };
  for (const document of documents) {
    const [error] = document.errors;
    if (error !== undefined) return { ok: false, message: messageOfYaml(error.message), position: error.pos[0] };
    const repeated = mayRepeatKeys ? undefined : repeatedKeyPosition(document);
    if (repeated !== undefined) return { ok: false, message: repeatedYamlKey, position: repeated };
  }
  return valuesOf(documents);
}

/** Returns where a mapping has a key for the second time. Keys that become the same key of an object are the same. */
function repeatedKeyPosition(document: Document.Parsed): number | undefined {
  const open: unknown[] = [document.contents];
  let first: number | undefined;
  while (open.length > 0) {
    const node = open.pop();
    if (isSeq(node)) for (const item of node.items) open.push(item);
    if (!isMap(node)) continue;
    const known = new Set<string>();
    for (const { key, value } of node.items) {
      open.push(key, value);
      const name = keyName(key);
      if (name === undefined) continue;
      const position = isScalar(key) ? (key.range?.[0] ?? 0) : 0;
      if (known.has(name)) first = Math.min(first ?? position, position);
      known.add(name);
    }
  }
  return first;
}

/** Merge keys (`<<`) are symbols, and may be there twice. Mappings and lists as keys are in no object of Kubernetes. */
const keyName = (key: unknown): string | undefined =>
  isScalar(key) && typeof key.value !== 'symbol' ? String(key.value ?? '') : undefined;

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
