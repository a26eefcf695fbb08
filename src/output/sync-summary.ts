import { type Change, subjectOf } from '../node/change.js';
import type { Element } from '../node/element.js';
import { kindOf } from '../node/kinds/index.js';
import { visible } from '../visible.js';

const verbs = { add: 'added', change: 'changed', remove: 'removed' } as const;
/** Kinds with one line for each change. The others are only counted. */
const listedKinds: readonly Element['kind'][] = ['virtual-server', 'real-server'];
const longest = 40;
const inSync = 'in sync, nothing changed';
const incomplete = 'nothing changed; not all is served, see the errors';

const line = (change: Change): string => {
  const subject = subjectOf(change);
  return visible(`${kindOf(subject).describe(subject)}: ${verbs[change.verb]}`);
};

/** Returns how many elements were added, changed and removed. */
export function changeCounts(plan: readonly Change[]) {
  const count = (verb: Change['verb']): number => plan.filter(change => change.verb === verb).length;
  return { added: count('add'), changed: count('change'), removed: count('remove') };
}

/** Returns `1 added, 0 changed, 2 removed`. */
export const countsText = (plan: readonly Change[]): string =>
  Object.entries(changeCounts(plan))
    .map(([verb, count]) => `${count} ${verb}`)
    .join(', ');

/**
 * Returns what sync did: a line for each virtual and real server, as kubectl has one for each object, then the counts.
 * @param isServed false if something in the cluster is not served, which stderr names
 */
export function syncSummary(nodeName: string, plan: readonly Change[], isServed = true): string {
  if (plan.length === 0) return `node ${nodeName}: ${isServed ? inSync : incomplete}\n`;
  const servers = plan.filter(change => listedKinds.includes(subjectOf(change).kind));
  const lines = servers.slice(0, longest).map(line);
  const more = servers.length > longest ? [`and ${servers.length - longest} more virtual and real servers`] : [];
  return `${[...lines, ...more, `node ${nodeName}: ${countsText(plan)}`].join('\n')}\n`;
}
