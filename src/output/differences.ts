import { type Change, subjectOf } from '../node/change.js';
import { kindOf } from '../node/kinds/index.js';
import type { Reasons } from '../node/reason.js';
import { reasonsOf } from '../node/reasons-of.js';
import { servicePortsOf } from '../plan/servicing.js';
import { quoteCommand } from '../script/quote.js';
import { countText } from '../text.js';
import { visibleTexts } from '../visible.js';
import type { Paint } from './paint.js';

/** A change for people and for programs: `-o json` prints it as it is. */
export interface Difference {
  readonly change: Change['verb'];
  /** The Service ports that it concerns. None for the node's own parts. */
  readonly servicePorts: readonly string[];
  readonly kind: string;
  readonly description: string;
  /** How the present element differs from the desired one. */
  readonly differences: readonly string[];
  readonly reasons: readonly string[];
}

export const differenceOf = (change: Change, reasons: Reasons): Difference => {
  const subject = subjectOf(change);
  return visibleTexts({
    change: change.verb,
    servicePorts: servicePortsOf(change, reasons),
    kind: subject.kind,
    description: kindOf(subject).describe(subject),
    differences: detailsOf(change),
    reasons: [...new Set(whysOf(change, reasons))],
  });
};

function detailsOf(change: Change): readonly string[] {
  if (change.verb !== 'change') return [];
  const { before, after, behind = [] } = change;
  return [
    ...behind.map(rule => `behind a rule that ends packets' way: ${rule}`),
    ...(kindOf(after).differences?.(before, after) ?? []),
  ];
}

function whysOf(change: Change, reasons: Reasons): readonly string[] {
  if (change.verb !== 'remove') return reasonsOf(change, reasons).map(({ why }) => why);
  return [change.before.kind === 'flow' ? 'Their packets go to no real server of a Service.' : 'No Service needs it.'];
}

const signs = { add: '+', change: '~', remove: '-' } as const;
const colors = { add: 'green', change: 'yellow', remove: 'red' } as const;
const nodeTitle = 'the node itself';
const leftoverTitle = 'leftovers';

/** Returns `+ ~ -` lines, grouped by Service port and each with its reason, or one line if there are none. */
export function differencesText(nodeName: string, differences: readonly Difference[], paint: Paint): string {
  if (differences.length === 0) return `node ${nodeName}: in sync\n`;
  const groups = [...groupsOf(differences)].map(([title, members]) =>
    [paint.bold(title), ...members.flatMap(member => lines(member, paint))].join('\n'),
  );
  const [servicePort] = differences.flatMap(({ servicePorts }) => servicePorts);
  return `${[...groups, `node ${nodeName}: ${totalsText(differences)}`].join('\n\n')}\n${explainHint(servicePort)}`;
}

/** Returns a line that names the command for a Service port that is not in sync, or nothing if there is none. */
export const explainHint = (servicePort: string | undefined): string =>
  servicePort === undefined
    ? ''
    : `${quoteCommand(['kproxy', 'explain', servicePort])} shows what that does to a packet\n`;

function groupsOf(differences: readonly Difference[]): ReadonlyMap<string, readonly Difference[]> {
  const groups = new Map<string, Difference[]>();
  for (const difference of differences) {
    const title = titleOf(difference);
    groups.set(title, [...(groups.get(title) ?? []), difference]);
  }
  return groups;
}

function titleOf({ servicePorts: [first, ...others], change }: Difference): string {
  if (first === undefined) return change === 'remove' ? leftoverTitle : nodeTitle;
  return others.length === 0 ? first : `${first} and ${others.length} more`;
}

const lines = ({ change, description, differences, reasons }: Difference, paint: Paint): readonly string[] => [
  paint[colors[change]](`  ${signs[change]} ${description}`),
  ...differences.map(line => `      ${line}`),
  ...reasons.map(why => paint.dim(`      ${why}`)),
];

const totalsText = (differences: readonly Difference[]): string => {
  const count = (verb: Change['verb']) => differences.filter(({ change }) => change === verb).length;
  return (
    `${countText(differences.length, 'difference')} (${count('add')} to add, ${count('change')} to change, ` +
    `${count('remove')} to remove)`
  );
};
