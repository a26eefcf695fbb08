import { type Table, table } from '../../../table.js';
import { KubectlFailure } from '../failure.js';
import { renderTemplate } from '../jsonpath/evaluate.js';
import { JsonPathError, parseTemplate } from '../jsonpath/parse.js';
import { type Kind, slashName } from '../objects/kinds.js';
import type { KubeObject } from '../objects/object.js';
import { customColumnsText } from './custom-columns.js';
import { jsonText } from './json.js';
import { yamlText } from './yaml.js';

/** An object with its kind, and how many there are if it is one of a list. */
export interface Shown {
  readonly kind: Kind;
  readonly object: KubeObject;
}

/** A way of printing objects other than as a table. */
export type Printer = (shown: readonly Shown[], isList: boolean) => string;

const printers: Table<(argument: string) => Printer> = table({
  name: () => shown => shown.map(({ kind, object }) => `${slashName(kind, object.metadata.name)}\n`).join(''),
  json: () => (shown, isList) => jsonText(documentOf(shown, isList)),
  yaml: () => (shown, isList) => yamlText(documentOf(shown, isList)),
  jsonpath: template => (shown, isList) => renderJsonPath(template, documentOf(shown, isList)),
  'custom-columns': columns => shown =>
    customColumnsText(
      columns,
      shown.map(({ object }) => object),
    ),
});

/**
 * Returns the printer for the value of `-o`, or undefined for a table.
 * @throws KubectlFailure if there is no such format
 */
export function printerOf(output: string): Printer | undefined {
  if (output === '' || output === 'wide') return undefined;
  const [, format = '', argument] = /^([^=]*)(?:=(.*))?$/s.exec(output) ?? [];
  const printer = Object.hasOwn(printers, format) ? printers[format] : undefined;
  if (printer === undefined)
    throw new KubectlFailure(
      `error: unable to match a printer suitable for the output format "${output}", allowed formats are: ` +
        `${[...Object.keys(printers), 'wide'].sort().join(',')}`,
    );
  if (argument === undefined && (format === 'jsonpath' || format === 'custom-columns'))
    throw new KubectlFailure(
      format === 'jsonpath'
        ? 'error: template format specified but no template given'
        : 'error: custom-columns format specified but no custom columns given',
    );
  return printer(argument ?? '');
}

/** One object stands for itself. Several become a List. */
function documentOf(shown: readonly Shown[], isList: boolean): object {
  const objects = shown.map(({ object }) => withoutManagedFields(object));
  const [first] = objects;
  if (!isList && first !== undefined) return first;
  return { apiVersion: 'v1', items: objects, kind: 'List', metadata: { resourceVersion: '' } };
}

function withoutManagedFields(object: KubeObject): KubeObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}

/** @throws KubectlFailure if the template cannot be read or used */
export function renderJsonPath(template: string, document: unknown): string {
  try {
    return renderTemplate(parseTemplate(template), document);
  } catch (error) {
    if (!(error instanceof JsonPathError)) throw error;
    const isParsed = error.message.startsWith('array index');
    throw new KubectlFailure(
      isParsed
        ? `error: error executing jsonpath ${JSON.stringify(template)}: Error executing template: ${error.message}`
        : `error: ${error.message}`,
    );
  }
}
