import { KubectlFailure } from '../failure.js';
import { valuesAt } from '../jsonpath/evaluate.js';
import { JsonPathError, parsePath } from '../jsonpath/parse.js';
import type { Step } from '../jsonpath/template.js';
import type { KubeObject } from '../objects/object.js';
import { goText } from './go-value.js';
import { alignTabs } from './tabs.js';

/**
 * Returns a table of the columns that `-o custom-columns=NAME:.metadata.name,…` names.
 * @throws KubectlFailure if a column cannot be read
 */
export function customColumnsText(columns: string, objects: readonly KubeObject[]): string {
  const parsed = columns.split(',').map(parseColumn);
  const header = parsed.map(({ name }) => name);
  const rows = objects.map(object => parsed.map(({ steps }) => cellText(steps, object)));
  return alignTabs([header, ...rows].map(cells => `${cells.join('\t')}\n`).join(''), 3, 6);
}

interface CustomColumn {
  readonly name: string;
  readonly steps: readonly Step[];
}

function parseColumn(column: string): CustomColumn {
  const [, name, path] = /^([^:]*):(.+)$/.exec(column) ?? [];
  if (name === undefined || path === undefined)
    throw new KubectlFailure(`error: unexpected custom-columns spec: ${column}, expected <header>:<json-path-expr>`);
  try {
    return { name, steps: parsePath(path.replace(/^\{(.*)\}$/, '$1').replace(/^(?![.[$@])/, '.')) };
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    throw new KubectlFailure(`error: ${error.message}`);
  }
}

const cellText = (steps: readonly Step[], object: KubeObject): string =>
  valuesAt(steps, object, object).map(goText).join(',') || '<none>';
