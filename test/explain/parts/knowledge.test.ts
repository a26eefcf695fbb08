import { describe, expect, test } from 'vitest';
import { explainPart, partJson, partText } from '../../../src/explain/parts/index.js';
import type { PartExplanation, PartKindName, PerhapsKnown } from '../../../src/explain/parts/part.js';
import { families } from '../../../src/net/address.js';
import { chainNames, kernelSetName, setNames, sysctlNames } from '../../../src/node/names.js';
import { paintWith } from '../../../src/output/paint.js';
import { clusterFrom, parityCaseOf, parityOptions } from '../../support/parity-case.js';
import { listText } from '../../support/sample-objects.js';
import { sourcesFromAfar, sourcesOf } from './support/part-sources.js';

const nothing = clusterFrom(listText());
const parts: readonly (readonly [PartKindName, string])[] = [
  ...[...new Set(Object.values(chainNames).flat())].map(name => ['chain', name] as const),
  ...setNames.flatMap(name => families.map(family => ['set', kernelSetName(name, family)] as const)),
  ...sysctlNames.map(name => ['sysctl', name.replaceAll('/', '.')] as const),
];

/** Returns what is known of a part, once for each table in which kproxy has it. */
const knowledgeIn = (value: PartExplanation): readonly PerhapsKnown[] =>
  value.kind === 'chain' ? value.places : value.kind === 'rule' ? [] : [value];

describe.each(['full', 'tutorial'] as const)('in the profile %s', profile => {
  test.each(parts)('%s %s: its purpose, what goes wrong without it, and who needs it', (kind, name) => {
    const value = explainPart(kind, name, sourcesFromAfar(nothing, { ...parityOptions, profile }));
    const known = knowledgeIn(value);
    expect(known).not.toEqual([]);
    for (const { purpose, without, neededBy } of known) {
      expect(purpose).toMatch(/^[A-Z].*\.$/);
      expect(without).toMatch(/[Ww]ithout|With /);
      expect(without).toMatch(/\.$/);
      expect(neededBy).toMatch(/^[a-zS].*[^.]$/);
    }
  });
});

test('no two parts have the same purpose', () => {
  const sources = sourcesFromAfar(nothing, parityOptions);
  const purposes = parts
    .filter(([, name]) => !name.startsWith('KUBE-6-'))
    .flatMap(([kind, name]) => knowledgeIn(explainPart(kind, name, sources)).map(({ purpose }) => purpose));
  expect(purposes.length).toBeGreaterThan(30);
  expect(new Set(purposes).size).toBe(purposes.length);
});

test('no text is wider than 80 columns, and JSON has no field without a value', async () => {
  const { cluster, options } = parityCaseOf('all-together');
  const sources = await sourcesOf(cluster, options);
  for (const [kind, name] of [...parts, ['chain', 'FORWARD'] as const, ['rule', 'nat KUBE-SERVICES 5'] as const]) {
    const value = explainPart(kind, name, sources);
    const text = partText(value, paintWith(false));
    expect(text.split('\n').filter(line => line.length > 80 || line !== line.trimEnd())).toEqual([]);
    expect(JSON.parse(partJson(value))).toMatchObject({ version: 1, kind });
  }
});
