import { families } from '../../../net/address.js';
import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import type { Entry } from '../../../node/element.js';
import { keyOf } from '../../../node/kinds/index.js';
import { setKey } from '../../../node/kinds/ipset.js';
import {
  familyOfSet,
  kernelSetName,
  kernelSetNames,
  ownSetName,
  replacedSet,
  type SetName,
  setNames,
} from '../../../node/names.js';
import { hasSameWords } from '../../../node/rule-words.js';
import { elementsOf } from '../../../node/state.js';
import { whyEntry } from '../../../proxy/sets.js';
import { dimensionsOf, lookedUp } from '../../rules/words/set-dimensions.js';
import { type RuleSources, ruleSources, sentenceOf, typeOfSet } from '../explain-rules.js';
import { unknownPart } from '../near-parts.js';
import { chainsIn, desiredChain, desiredTables, reasonOfRule, setsOfRule, tableOf } from '../node-rules.js';
import { ownerOfSet } from '../owners.js';
import {
  type ExplainedEntry,
  type Knowledge,
  nothingKnown,
  type PartSources,
  type PartState,
  type SetExplanation,
  type SetUse,
} from '../part.js';
import { stateOfPart } from '../part-state.js';
import { setKnowledge } from './set-knowledge.js';

/**
 * Explains a set, by its name in the kernel: `KUBE-CLUSTER-IP`, `KUBE-6-CLUSTER-IP`.
 * @throws KproxyError `option-invalid` if it neither is there nor is one of kproxy's
 */
export function explainSet(name: string, given: PartSources): SetExplanation {
  const sources = ruleSources(given);
  const found = given.actual?.sets.find(set => set.name === name);
  const type = typeOfSet(given, replacedSet(name) ?? name);
  if (type === undefined) throw unknownSet(name, given);
  const owner = ownerOfSet(name);
  const own = ownSet(replacedSet(name) ?? name);
  const entries = explainedEntries(name, found, sources);
  const { state, differences } = stateOfPart(given, { key: setKey(name), owner, isThere: found !== undefined });
  return {
    kind: 'set',
    name,
    family: found?.family ?? (owner.is === 'kproxy' ? familyOfSet(name) : undefined),
    owner,
    state: state === 'in sync' && entries.some(entry => entry.state !== 'in sync') ? 'different' : state,
    differences,
    ...(own === undefined ? nothingKnown : knowledgeOf(own, given)),
    type: found?.type ?? type,
    dimensions: dimensionsOf(found?.type ?? type),
    twin: own === undefined ? undefined : twinOf(own, name),
    replaces: replacedSet(name),
    usedBy: usesOf(name, sources),
    entries,
    servicePorts: sources.usersOf(name),
  };
}

function unknownSet(name: string, { actual }: PartSources) {
  const known = [...kernelSetNames(...setNames), ...(actual?.sets.map(set => set.name) ?? [])];
  return unknownPart('set', name, known, actual !== undefined);
}

/** Returns the set of kproxy's that has this name in the kernel. */
const ownSet = (kernelName: string): SetName | undefined =>
  setNames.find(name => families.some(family => kernelSetName(name, family) === kernelName));

const twinOf = (own: SetName, name: string): string | undefined =>
  families.map(family => kernelSetName(own, family)).find(other => other !== name && ownSetName(name) === name);

const knowledgeOf = (own: SetName, { options }: PartSources): Knowledge => ({
  ...setKnowledge[own],
  without: whyEntry(own, options.profile),
});

/** Returns the rules that name a set: those that are there, and those that should be. */
function usesOf(name: string, sources: RuleSources): readonly SetUse[] {
  const there = usesIn(name, sources, false);
  if (sources.actual === undefined) return there;
  const isThere = (use: SetUse) =>
    there.some(one => one.table === use.table && one.chain === use.chain && hasSameWords(one.argv, use.argv));
  return [
    ...there,
    ...usesIn(name, { ...sources, tables: desiredTables(sources.desired) }, true).filter(use => !isThere(use)),
  ];
}

const usesIn = (name: string, sources: RuleSources, isMissing: boolean): readonly SetUse[] =>
  chainsIn(sources.tables).flatMap(({ family, table, chain }) => {
    const desired = desiredChain(sources.desired, { family, table, name: chain.name });
    return chain.rules.flatMap(({ argv }, index) =>
      setsOfRule(argv)
        .filter(one => one.name === name)
        .map(
          ({ directions }): SetUse => ({
            family,
            table,
            chain: chain.name,
            number: isMissing ? undefined : index + 1,
            argv,
            looksUp: lookedUp(typeOfSet(sources, name), directions),
            words: sentenceOf(sources, argv, tableOf(sources.tables, family, table)),
            why: reasonOfRule(desired, argv)?.why,
          }),
        ),
    );
  });

const byNumbers = new Intl.Collator('en', { numeric: true });
const order: readonly PartState[] = ['missing', 'different', 'left over', 'in sync', 'desired', 'foreign'];

/** Explains the entries that are there and those that should be. What is wrong comes first. */
function explainedEntries(name: string, found: MatchSet | undefined, sources: RuleSources): readonly ExplainedEntry[] {
  const desired = new Map(
    elementsOf(sources.desired.state, 'entry')
      .filter(({ set }) => set === name)
      .map(entry => [entry.value, entry]),
  );
  const isOwn = ownSetName(name) !== undefined;
  const there = (found?.entries ?? []).map((entry): ExplainedEntry => {
    const wanted = desired.get(entry.value);
    return {
      value: entry.value,
      isException: entry.isException === true,
      state: isOwn ? stateOfEntry(entry, wanted) : 'foreign',
      servicePorts: servicePortsOf(wanted, sources),
    };
  });
  const present = new Set(there.map(({ value }) => value));
  const missing = [...desired.values()]
    .filter(({ value }) => !present.has(value))
    .map(
      (entry): ExplainedEntry => ({
        value: entry.value,
        isException: false,
        state: sources.actual === undefined ? 'desired' : 'missing',
        servicePorts: servicePortsOf(entry, sources),
      }),
    );
  // The kernel lists entries in the order of its hashes, which is another one after every boot.
  return [...there, ...missing].sort(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state) || byNumbers.compare(one.value, other.value),
  );
}

const stateOfEntry = (entry: SetEntry, wanted: Entry | undefined): PartState => {
  if (wanted === undefined) return 'left over';
  return (entry.isException === true) === (wanted.isException === true) ? 'in sync' : 'different';
};

const servicePortsOf = (entry: Entry | undefined, { desired }: PartSources): readonly string[] =>
  entry === undefined
    ? []
    : [...new Set(desired.reasons.of(keyOf(entry)).flatMap(({ servicePort }) => servicePort ?? []))];
