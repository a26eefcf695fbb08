import { parseAllDocuments, type ScalarTag } from 'yaml';
import type { Parsed } from './parsed.js';

/** kubectl reads `010` as eight, YAML 1.2 as ten: nobody can tell what was meant. */
const ambiguousNumber: ScalarTag = {
  tag: 'tag:yaml.org,2002:int',
  default: true,
  test: /^[-+]?0[0-9]+$/,
  resolve: (text, onError) => {
    onError(`a number with leading zeros is ambiguous: ${text}`);
    return text;
  },
};

/** All documents of a YAML text, empty ones left out. */
export function parseYaml(text: string): Parsed {
  const documents = parseAllDocuments(text, {
    merge: true,
    prettyErrors: false,
    customTags: tags => [ambiguousNumber, ...tags],
  });
  if (!Array.isArray(documents)) return { is: 'parsed', values: [] };
  for (const { errors } of documents) {
    const [error] = errors;
    if (error !== undefined) return { is: 'wrong', message: error.message, position: error.pos[0] };
  }
  return toValues(documents);
}

/** An alias that expands without end is found only when the values are built. */
function toValues(documents: readonly { toJS(): unknown }[]): Parsed {
  try {
    return { is: 'parsed', values: documents.map(document => document.toJS()).filter(value => value !== null) };
  } catch (error) {
    return { is: 'wrong', message: (error as Error).message, position: 0 };
  }
}
