import type { Family } from '../../net/address.js';
import type { NodeAccess } from '../access.js';
import { outputOf, understood } from '../reading.js';
import { parseRoutes } from '../tools/ip-route-list.js';
import { parseRoutingRules } from '../tools/ip-rule-list.js';
import type { Route, RoutingRule } from './datapath.js';
import { attempt, type PartReading } from './part-reading.js';

const familyOption = { IPv4: '-4', IPv6: '-6' } as const;

/**
 * Reads the routes of all tables.
 * @throws KproxyError if ip fails: without routes no packet gets anywhere
 */
export async function readRoutes(
  node: NodeAccess,
  families: readonly Family[],
): Promise<PartReading<readonly Route[]>> {
  const lists = await Promise.all(
    families.map(async family => {
      const argv = ['ip', '-j', familyOption[family], 'route', 'show', 'table', 'all'];
      const text = await outputOf(node, { argv });
      return understood(argv, () => parseRoutes(text, family));
    }),
  );
  return { value: lists.flatMap(({ routes }) => routes), unread: lists.flatMap(({ leftOut }) => leftOut) };
}

/** Reads the routing policy rules. Without them the kernel's own are assumed, and a line says so. */
export async function readRoutingRules(
  node: NodeAccess,
  families: readonly Family[],
): Promise<PartReading<readonly RoutingRule[]>> {
  const parts = await Promise.all(
    families.map(family =>
      attempt(`${family} routing rules, for which the kernel's own are assumed`, usualRules(family), async () => {
        const argv = ['ip', '-j', familyOption[family], 'rule', 'show'];
        const text = await outputOf(node, { argv });
        return understood(argv, () => parseRoutingRules(text, family));
      }),
    ),
  );
  const rules = parts.flatMap(({ value }) => value);
  return {
    value: rules.toSorted((one, other) => one.priority - other.priority),
    unread: parts.flatMap(({ unread }) => unread),
  };
}

const lookup = (family: Family, priority: number, table: string): RoutingRule => ({
  family,
  priority,
  action: { kind: 'lookup', table },
});

/** Returns the rules that a kernel begins with. */
const usualRules = (family: Family): readonly RoutingRule[] => [
  lookup(family, 0, 'local'),
  lookup(family, 32766, 'main'),
  ...(family === 'IPv4' ? [lookup(family, 32767, 'default')] : []),
];
