import { type Kind, slashName } from '../../objects/kinds.js';
import type { KubeObject } from '../../objects/object.js';
import { alignTabs } from '../tabs.js';
import { type Column, pairsText } from './column.js';
import { columnsOf } from './columns.js';

export interface TableOptions {
  readonly isWide: boolean;
  readonly hasHeaders: boolean;
  readonly showLabels: boolean;
  readonly showNamespace: boolean;
  /** Prints `service/web-service` instead of `web-service`. */
  readonly showKind: boolean;
  /** Labels that get a column each. */
  readonly labelColumns: readonly string[];
  readonly now: Date;
}

/** The objects of one kind, for one table. */
export interface Group {
  readonly kind: Kind;
  readonly objects: readonly KubeObject[];
}

/** Three blanks between columns, and at least six characters a column. */
const padding = 3;
const leastWidth = 6;

/** Returns the tables of several kinds, with an empty line between two. */
export function tablesText(groups: readonly Group[], options: TableOptions): string {
  const tables = groups.filter(({ objects }) => objects.length > 0).map(group => tableText(group, options));
  return tables.join('\n');
}

function tableText({ kind, objects }: Group, options: TableOptions): string {
  const columns = allColumns(kind, options);
  const header = options.hasHeaders ? [columns.map(column => column.header)] : [];
  const rows = objects.map(object => columns.map(({ cell }) => oneLine(cell(object, options.now))));
  const lines = [...header, ...rows].map(cells => `${cells.join('\t')}\n`);
  return alignTabs(lines.join(''), padding, leastWidth);
}

/** A cell cannot break the table. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is replaced
const oneLine = (text: string): string => text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');

function allColumns(kind: Kind, options: TableOptions): readonly Column[] {
  const { isWide, showLabels, showNamespace, showKind, labelColumns } = options;
  const namespace: Column = { header: 'NAMESPACE', cell: ({ metadata }) => metadata.namespace ?? '' };
  const name: Column = {
    header: 'NAME',
    cell: ({ metadata }) => (showKind ? slashName(kind, metadata.name) : metadata.name),
  };
  const labels: Column = { header: 'LABELS', cell: ({ metadata }) => pairsText(metadata.labels) };
  return [
    ...(showNamespace && kind.isNamespaced ? [namespace] : []),
    name,
    ...columnsOf[kind.name].filter(column => isWide || column.isWide === undefined),
    ...labelColumns.map(labelColumn),
    ...(showLabels ? [labels] : []),
  ];
}

const labelColumn = (label: string): Column => ({
  header: label.replace(/.*\//, '').toUpperCase(),
  cell: ({ metadata }) => metadata.labels?.[label] ?? '',
});
