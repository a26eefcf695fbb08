import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { toYaml } from '../../src/output/yaml.js';

describe('YAML in the layout of kubectl', () => {
  test('has mappings indented by two spaces, and list items below their key', () => {
    const object = {
      kind: 'Endpoints',
      subsets: [{ addresses: [{ ip: '10.244.2.2', nodeName: 'inajob' }], ports: [] }],
      metadata: {},
    };
    expect(toYaml(object)).toBe(
      [
        'kind: Endpoints',
        'subsets:',
        '- addresses:',
        '  - ip: 10.244.2.2',
        '    nodeName: inajob',
        '  ports: []',
        'metadata: {}',
        '',
      ].join('\n'),
    );
  });

  test.each([
    ['yes', '"yes"'],
    ['null', '"null"'],
    ['1e3', '"1e3"'],
    ['0x10', '"0x10"'],
    ['2026-11-23', '"2026-11-23"'],
    ['1:20', '"1:20"'],
    ['fd00::1', '"fd00::1"'],
    ['', '""'],
    ['a\nEOF\n', '"a\\nEOF\\n"'],
    ['\u2028\u007f', '"\\u2028\\u007f"'],
  ])('quotes a text that could be read as another type: %j', (text, yaml) => {
    expect(toYaml({ a: text })).toBe(`a: ${yaml}\n`);
  });

  test.each(['1.1', '1.2'] as const)('is parsed to the same value by YAML %s', version => {
    const leaf = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec<{ tree: unknown }>(tie => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        leaf,
        fc.array(tie('tree')),
        fc.dictionary(fc.string(), tie('tree'), { noNullPrototype: true }),
      ),
    }));
    const object = fc.dictionary(fc.string(), tree, { noNullPrototype: true });
    fc.assert(
      fc.property(object, value => {
        const written = JSON.parse(JSON.stringify(value)) as unknown;
        expect(parse(toYaml(written as object), { version, merge: false })).toEqual(written);
      }),
    );
  });
});
