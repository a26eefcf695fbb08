import type { Figure } from './figures.js';

/** What a run of the benchmark measured, and on what. */
export interface Measured {
  readonly machine: { readonly processors: number; readonly model: string; readonly node: string };
  readonly figures: readonly Figure[];
}

interface Row {
  readonly title: string;
  /** The figure's name. */
  readonly figure: string;
  /** What its ratio is a multiple of, in the cell's words. */
  readonly than?: string;
}

/** The lines of the README's table, in its words. */
const rows: readonly Row[] = [
  {
    title: 'first sync, and reading it back',
    figure: 'cold sync, read-back included',
    than: 'the bare tools with prepared files',
  },
  { title: 'sync with nothing to do', figure: 'no-op sync', than: 'the bare tools reading, and `JSON.parse`' },
  {
    title: 'a program in Node that starts the same tools, parses the same list, and compares nothing',
    figure: '  node that starts these tools, parses the List, and does no more',
    than: 'the same',
  },
  { title: "one change in `--watch`, from the API server's event to the kernel", figure: 'one change in watch' },
  {
    title: 'memory of `--watch`, with its kubectl, at most',
    figure: 'memory: watch with kubectl, first sync and changes',
  },
  { title: 'memory of a first sync, with kubectl, at most', figure: 'memory: cold sync through kubectl' },
  { title: 'kube-proxy 1.37, ipvs mode: first sync', figure: 'kube-proxy, first sync', than: "kproxy's" },
  { title: 'kube-proxy 1.37, ipvs mode: one change', figure: 'kube-proxy, one change', than: "kproxy's" },
];

const sizes = ['1000x5', '5000x2', '10000x2'] as const;
const sizeTitles = { '1000x5': '1,000 × 5', '5000x2': '5,000 × 2', '10000x2': '10,000 × 2' } as const;

/** The README's table: a column for each size, Services × endpoints. Figures that were not measured stay empty. */
export function readmeTable({ figures }: Measured): string {
  const cell = (row: Row, size: string): string => {
    const found = figures.find(figure => figure.name === row.figure && figure.size === size);
    return found === undefined ? '' : cellText(found, row);
  };
  return [
    `| Services × endpoints | ${sizes.map(size => sizeTitles[size]).join(' | ')} |`,
    `| --- | ${sizes.map(() => '---').join(' | ')} |`,
    ...rows.map(row => `| ${row.title} | ${sizes.map(size => cell(row, size)).join(' | ')} |`),
  ].join('\n');
}

function cellText({ value, unit, ratio }: Figure, { than }: Row): string {
  const measured = unit === 'ms' && value >= 1_000 ? `${(value / 1_000).toFixed(1)} s` : `${value.toFixed(0)} ${unit}`;
  return than === undefined || ratio === undefined
    ? measured
    : `${measured}: ${ratio.toFixed(ratio < 10 ? 1 : 0)} × ${than}`;
}

/** The sentence above the table that names the machine. */
export const machineText = ({ machine }: Measured): string =>
  `${machine.processors} processors (${machine.model.replace(/\s+/g, ' ').replace(' Processor', '')}), Node ${machine.node}`;
