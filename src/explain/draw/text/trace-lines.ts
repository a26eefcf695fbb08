import { addressAndPort } from '../../../net/address.js';
import { wrapped } from '../../../output/wrap.js';
import type { Branch, End, Fork, Step, TableStep, Trace } from '../../trace/trace.js';
import { alikeBranches } from '../alike.js';
import { type Block, blocksOf } from '../blocks.js';
import { blameText, placeText, shareText, verdictColors } from '../words.js';
import { hookLines, stepLines } from './step-lines.js';
import { beside, labeled, type Style } from './style.js';

/** So many backends that are treated alike are named beside the one that is drawn. */
const mostNamed = 8;

/** Returns the lines of a packet's way from its first step to its ends: a tree, if it forks. */
export function traceLines({ steps, end }: Trace, style: Style): readonly string[] {
  const blocks = blocksOf(steps).map(block => blockLines(block, style));
  const last = end.kind === 'fork' ? forkLines(end, style) : endLines(end, style);
  return [...blocks, last]
    .filter(lines => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

const isTable = (step: Step): step is TableStep => step.kind === 'table';

const blockLines = (block: Block, style: Style): readonly string[] => {
  const [first] = block;
  return first.kind === 'table' ? hookLines(block.filter(isTable), style) : stepLines(first, style);
};

function endLines({ verdict, clientSees, seenSource, blame }: End, style: Style): readonly string[] {
  const saw = seenSource === undefined ? '' : `, and the backend saw ${seenSource}`;
  return [
    ...labeled(verdict, `the client gets: ${clientSees}${saw}`, style, verdictColors[verdict]),
    ...(blame === undefined ? [] : beside(`stopped by ${blameText(blame)}`, style)),
  ];
}

const forkTexts = {
  backend: 'one of these backends gets the packet',
  chance: 'it depends on chance',
  unknown: 'not understood, so both ways are shown',
} as const satisfies Record<Fork['by'], string>;

function forkLines({ by, branches }: Fork, style: Style): readonly string[] {
  const groups = alikeBranches(branches);
  return [
    ...labeled('fork', forkTexts[by], style),
    ...groups.flatMap((group, index) => branchLines(group, index === groups.length - 1, style)),
  ];
}

/** Draws the first branch of a group, and names the others. */
function branchLines(
  group: readonly [Branch, ...Branch[]],
  isLast: boolean,
  { paint, isDetailed, width }: Style,
): readonly string[] {
  const [first] = group;
  const margin = isLast ? '   ' : '│  ';
  const title = wrapped(titleOf(group), { first: isLast ? '└─ ' : '├─ ', rest: `${margin}  ` }, width);
  const inner = traceLines(first.trace, { paint, isDetailed, width: width - margin.length });
  return [
    '│',
    ...title.map(line => line.slice(0, 3) + paint.bold(line.slice(3))),
    margin.trimEnd(),
    ...inner.map(line => `${margin}${line}`.trimEnd()),
  ];
}

function titleOf(group: readonly [Branch, ...Branch[]]): string {
  const [{ label, backend }, ...others] = group;
  const share = shareText(sumOf(group.map(branch => branch.share)));
  return [
    backend === undefined ? label : addressAndPort(backend.address, backend.port),
    ...(backend === undefined ? [] : [placeText(backend.place)]),
    ...(share === undefined ? [] : [others.length === 0 ? `gets ${share}` : `together with the others ${share}`]),
    ...(others.length === 0 ? [] : [`likewise ${likewise(others)}`]),
  ].join(', ');
}

function likewise(others: readonly Branch[]): string {
  const more = others.length - mostNamed;
  const named = others.slice(0, mostNamed).map(({ label }) => label);
  return `${named.join(' ')}${more > 0 ? ` and ${more} more` : ''}`;
}

const sumOf = (shares: readonly (number | undefined)[]): number | undefined =>
  shares.reduce<number | undefined>(
    (sum, share) => (sum === undefined || share === undefined ? undefined : sum + share),
    0,
  );
