import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { explainPart, partJson } from '../../../src/explain/parts/index.js';
import type { PartKindName } from '../../../src/explain/parts/part.js';
import { parityCaseOf } from '../../support/parity-case.js';
import { sourcesOf } from './support/part-sources.js';

/** What the table of the README calls the objects in the lists of each kind. */
const objectNames: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  chain: { places: 'place' },
  place: { owner: 'owner', jumpedFrom: 'jump', rules: 'rule' },
  rule: { owner: 'owner', sets: 'lookup' },
  asked: { places: 'rule' },
  set: { owner: 'owner', usedBy: 'use', entries: 'entry' },
};

/** Returns `place.family`, `rule.number` and so on for an object and all objects in it. */
function fieldsOf(object: string, value: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(value).flatMap(([field, content]) => {
    const name = objectNames[object]?.[field];
    const inner = name === undefined ? [] : [content].flat().filter(one => typeof one === 'object' && one !== null);
    return [
      `${object}.${field}`,
      ...inner.flatMap(one => fieldsOf(name ?? '', one as Readonly<Record<string, unknown>>)),
    ];
  });
}

function documentedFields(): readonly string[] {
  const lines = readFileSync('src/explain/README.md', 'utf8').split('\n');
  const start = lines.findIndex(line => line.startsWith('| field of a part'));
  const rows = lines.slice(start + 2);
  return rows
    .slice(
      0,
      rows.findIndex(line => !line.startsWith('|')),
    )
    .flatMap(row => {
      const [first = '', ...others] = Array.from(
        (row.split(' | ')[0] ?? '').matchAll(/`([^`]+)`/g),
        ([, name = '']) => name,
      );
      return [first, ...others.map(name => `${first.split('.')[0]}${name}`)];
    });
}

test('the README documents every field of the JSON, and no other', async () => {
  const { cluster, options } = parityCaseOf('all-together');
  const sources = await sourcesOf(cluster, options);
  const asked: readonly (readonly [PartKindName, string, string])[] = [
    ['chain', 'KUBE-SERVICES', 'chain'],
    ['set', 'KUBE-CLUSTER-IP', 'set'],
    ['rule', 'nat KUBE-SERVICES 3', 'asked'],
    ['sysctl', 'net.ipv4.vs.conntrack', 'sysctl'],
  ];
  const printed = asked.flatMap(([kind, name, object]) => {
    const { version, kind: printedKind, ...fields } = JSON.parse(partJson(explainPart(kind, name, sources)));
    expect([version, printedKind]).toEqual([1, kind]);
    return fieldsOf(object, fields);
  });
  expect([...new Set(['version', 'kind', ...printed])].sort()).toEqual([...documentedFields()].sort());
});
