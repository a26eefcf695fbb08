import type { Family } from '../../../net/address.js';
import type { Change } from '../../../node/change.js';
import type { CountedRule, RuleChain, RuleTable } from '../../../node/datapath/datapath.js';
import type { Chain, Jumps, Rule, Table } from '../../../node/element.js';
import { hasSameWords } from '../../../node/rule-words.js';
import { Draft } from './draft.js';

/** The built-in chains of the tables that kproxy writes, which the kernel creates with the table. */
const builtInChains: Readonly<Record<Table, readonly string[]>> = {
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
};

/** Returns a table as the kernel creates it: with built-in chains only, which accept everything. */
export const emptyTable = (family: Family, name: Table): RuleTable => ({
  family,
  name,
  chains: builtInChains[name].map(chain => ({ name: chain, policy: 'ACCEPT', rules: [] })),
});

const keyOfTable = ({ family, name }: Pick<RuleTable, 'family' | 'name'>): string => `${family} ${name}`;

/** The tables of iptables while changes are made to them. */
export class TablesDraft {
  readonly #tables: Draft<RuleTable>;

  constructor(before: readonly RuleTable[]) {
    this.#tables = new Draft(before, keyOfTable);
  }

  chain(change: Change<Chain>): void {
    if (change.verb === 'remove') this.#remove(change.before);
    else {
      const { after } = change;
      this.#put(after, { name: after.name, policy: undefined, rules: after.rules.map(argv => ({ argv })) });
    }
  }

  /** Each jump that was there is removed once, as `iptables -D` does, and all go to the top. */
  jumps(change: Change<Jumps>): void {
    const { family, table, chain } = change.verb === 'remove' ? change.before : change.after;
    const present = this.#table({ family, table }).chains.find(({ name }) => name === chain);
    if (present === undefined) return;
    const old = change.verb === 'add' ? [] : change.before.rules;
    const top = change.verb === 'remove' ? [] : change.after.rules.map(argv => ({ argv }));
    this.#put({ family, table }, { ...present, rules: [...top, ...without(present.rules, old)] });
  }

  result(): readonly RuleTable[] {
    return this.#tables.result();
  }

  #table({ family, table }: Pick<Chain, 'family' | 'table'>): RuleTable {
    return this.#tables.get(keyOfTable({ family, name: table })) ?? emptyTable(family, table);
  }

  #put(place: Pick<Chain, 'family' | 'table'>, chain: RuleChain): void {
    const table = this.#table(place);
    const chains = new Draft(table.chains, ({ name }) => name);
    chains.put(chain);
    this.#tables.put({ ...table, chains: chains.result() });
  }

  #remove({ family, table, name }: Chain): void {
    const present = this.#tables.get(keyOfTable({ family, name: table }));
    if (present !== undefined)
      this.#tables.put({ ...present, chains: present.chains.filter(chain => chain.name !== name) });
  }
}

/** Returns rules without the first one that is equal to each of the others. */
function without(rules: readonly CountedRule[], others: readonly Rule[]): readonly CountedRule[] {
  const left = [...rules];
  for (const other of others) {
    const at = left.findIndex(({ argv }) => hasSameWords(argv, other));
    if (at >= 0) left.splice(at, 1);
  }
  return left;
}
