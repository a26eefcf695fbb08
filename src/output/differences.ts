import chalk from 'chalk';
import { type Change, subjectOf } from '../node/change.js';
import type { Element, Reasons } from '../node/element.js';
import { kindOf } from '../node/kinds/index.js';
import { servicePortsOf } from '../plan/servicing.js';

/** What a change is, for people and for programs: `-o json` prints these as they are. */
export interface Difference {
  readonly change: Change['verb'];
  /** The Service ports that it is about; none for the node's own parts. */
  readonly servicePorts: readonly string[];
  readonly kind: string;
  readonly description: string;
  /** How the element that is there differs from what it should be. */
  readonly differences: readonly string[];
  readonly reasons: readonly string[];
}

export const differenceOf = (change: Change, reasons: Reasons): Difference => {
  const subject = subjectOf(change);
  const kind = kindOf(subject);
  return {
    change: change.verb,
    servicePorts: servicePortsOf(change, reasons),
    kind: subject.kind,
    description: kind.describe(subject),
    differences: change.verb === 'change' ? (kind.differences?.(change.before, change.after) ?? []) : [],
    reasons: [...new Set(reasonsOf(change))],
  };
};

function reasonsOf(change: Change): readonly string[] {
  if (change.verb === 'remove') return ['nothing that was read asks for it'];
  const lead = leads[change.after.kind] ?? 'without it ';
  return change.reasons.map(({ why }) => `${lead}${why}`);
}

/** Rules are explained by what they do, all else by what would go wrong without it. */
const leads: Partial<Record<Element['kind'], string>> = { chain: 'it ', jumps: '' };

const signs = { add: '+', change: '~', remove: '-' } as const;
const colours = { add: 'green', change: 'yellow', remove: 'red' } as const;
const nodeTitle = 'the node itself';
const leftoverTitle = 'nobody’s';

/** `+ ~ -` lines, grouped by Service port and each with its reason; one line where there is nothing to say. */
export function differencesText(nodeName: string, differences: readonly Difference[]): string {
  if (differences.length === 0) return `node ${nodeName}: in sync\n`;
  const groups = [...grouped(differences)].map(([title, members]) =>
    [chalk.bold(title), ...members.flatMap(member => lines(member))].join('\n'),
  );
  return `${[...groups, `node ${nodeName}: ${countText(differences)}`].join('\n\n')}\n`;
}

function grouped(differences: readonly Difference[]): ReadonlyMap<string, readonly Difference[]> {
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

const lines = ({ change, description, differences, reasons }: Difference): readonly string[] => [
  chalk[colours[change]](`  ${signs[change]} ${description}`),
  ...differences.map(line => `      ${line}`),
  ...reasons.map(why => chalk.dim(`      ${why}`)),
];

const countText = (differences: readonly Difference[]): string => {
  const count = (verb: Change['verb']) => differences.filter(({ change }) => change === verb).length;
  const noun = differences.length === 1 ? 'difference' : 'differences';
  return `${differences.length} ${noun} (${count('add')} to add, ${count('change')} to change, ${count('remove')} to remove)`;
};
