import { KproxyError } from '../errors.js';
import { parseJsonDocuments } from './json.js';
import type { RawObject } from './objects.js';
import type { ParseResult } from './parse-result.js';
import { quotedIfHostile } from './problems.js';

/**
 * Parses the documents of a text: JSON, several JSON documents one after another, or YAML with any number of documents.
 * @throws KproxyError `input-malformed`, with the line and column of the error
 */
export async function parseDocuments(source: string, text: string): Promise<readonly RawObject[]> {
  const result = await parseText(source, text);
  if (!result.ok) throw malformed(source, text, result.position, result.message);
  return result.values.map(value => ({ source, value }));
}

/** A flow mapping at the start of a YAML text looks like JSON, so YAML is tried too, except in a file named `.json`. */
async function parseText(source: string, text: string): Promise<ParseResult> {
  const isJsonFile = source.endsWith('.json');
  if (!isJsonFile && !/^\s*[[{]/.test(text)) return parseAsYaml(text);
  const json = parseJsonDocuments(text);
  if (json.ok || isJsonFile) return json;
  const yaml = await parseAsYaml(text);
  return yaml.ok ? yaml : json;
}

/** Loads the YAML parser on demand: it takes longer to load than the rest of the program. */
async function parseAsYaml(text: string): Promise<ParseResult> {
  const { parseYaml } = await import('./yaml.js');
  return parseYaml(text);
}

/** Returns true for a text with actions of Go's templates, as Helm's charts have them. */
const isTemplate = (text: string): boolean => /\{\{-? *[.$\w][^\n]*\}\}/.test(text);

function malformed(source: string, text: string, position: number, message: string): KproxyError {
  const before = text.slice(0, position).split('\n');
  const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
  return new KproxyError({
    message: `${quotedIfHostile(source)}: ${place}: ${quotedIfHostile(message)}`,
    code: 'input-malformed',
    advice: isTemplate(text)
      ? 'This looks like a template. Render it first (helm template). Nothing was applied.'
      : 'Fix the text at this position (it may be truncated). Nothing was applied.',
  });
}
