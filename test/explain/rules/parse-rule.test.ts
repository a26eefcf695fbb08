import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRule } from '../../../src/explain/rules/parse-rule.js';
import type { RuleOption } from '../../../src/explain/rules/rule.js';
import { splitRule } from '../../../src/node/tools/iptables-save.js';

const parsed = (line: string) => parseRule(splitRule(line));
const option = (name: string, ...values: readonly string[]): RuleOption => ({ isNegated: false, name, values });
const negated = (name: string, ...values: readonly string[]): RuleOption => ({ isNegated: true, name, values });

describe('a rule is split', () => {
  test('into its own options, its modules and its target', () => {
    expect(parsed('! -s 10.0.0.0/8 -p tcp -m tcp --dport 80 -j REJECT --reject-with tcp-reset')).toEqual({
      matches: [
        { module: '', options: [negated('-s', '10.0.0.0/8')], words: ['!', '-s', '10.0.0.0/8'] },
        { module: '', options: [option('-p', 'tcp')], words: ['-p', 'tcp'] },
        { module: 'tcp', options: [option('--dport', '80')], words: ['-m', 'tcp', '--dport', '80'] },
      ],
      target: { kind: 'jump', name: 'REJECT', options: [option('--reject-with', 'tcp-reset')] },
    });
  });

  test('with a module that occurs twice as two matches', () => {
    const { matches } = parsed('-m set ! --match-set A src,dst -m set --match-set -B dst --return-nomatch -g NEXT');
    expect(matches.map(({ module, options }) => [module, options])).toEqual([
      ['set', [negated('--match-set', 'A', 'src,dst')]],
      ['set', [option('--match-set', '-B', 'dst'), option('--return-nomatch')]],
    ]);
  });

  test('with a comment that looks like something else', () => {
    for (const comment of ['-j DROP', '!', '-j', '-m', '', '--comment']) {
      const rule = parseRule(['-m', 'comment', '--comment', comment, '-p', 'udp', '-j', 'ACCEPT']);
      expect(rule.matches.find(({ module }) => module === 'comment')?.options).toEqual([option('--comment', comment)]);
      expect(rule.target).toEqual({ kind: 'jump', name: 'ACCEPT', options: [] });
    }
  });

  test('with options of several values, and of none', () => {
    const { matches } = parsed('-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m addrtype --limit-iface-in');
    expect(matches.slice(1).map(({ options }) => options)).toEqual([
      [negated('--tcp-flags', 'FIN,SYN,RST,ACK', 'SYN')],
      [option('--limit-iface-in')],
    ]);
  });

  test('with a goto, and without any target', () => {
    expect(parsed('-g OTHER').target).toEqual({ kind: 'goto', name: 'OTHER', options: [] });
    expect(parsed('-p tcp').target).toBeUndefined();
    expect(parseRule([])).toEqual({ matches: [], target: undefined });
  });

  test('with the port of the protocol that -p loads', () => {
    const { matches } = parsed('--protocol udp --dport 53 -j ACCEPT');
    expect(matches.map(({ module, options }) => [module, options])).toEqual([
      ['', [option('-p', 'udp')]],
      ['udp', [option('--dport', '53')]],
    ]);
  });

  test('with words that belong to nothing as options that no match knows', () => {
    expect(parsed('-m socket [unsupported revision]').matches[0]?.options).toEqual([
      option('[unsupported', 'revision]'),
    ]);
    expect(parseRule(['!']).matches[0]?.options).toEqual([negated('!')]);
  });
});

const word = fc.string({ minLength: 1, maxLength: 8 });
const plain = word.filter(text => !text.startsWith('-') && text !== '!');
const anyOption = fc.oneof(
  fc.tuple(fc.boolean(), fc.constantFrom('-s', '-d', '-p', '-i', '-o', '--comment', '--log-prefix'), fc.tuple(word)),
  fc.tuple(fc.boolean(), fc.constantFrom('--match-set', '--add-set'), fc.tuple(word, word)),
  fc.tuple(fc.boolean(), fc.constantFrom('--dport', '--odd', '--tcp-flags'), fc.array(plain, { maxLength: 3 })),
  fc.tuple(fc.constant(false), fc.constantFrom('-m', '-j', '-g'), fc.tuple(plain)),
);

test('No word of a rule is lost, added or changed', () => {
  fc.assert(
    fc.property(fc.array(anyOption), options => {
      const argv = options.flatMap(([isNegated, name, values]) => [...(isNegated ? ['!'] : []), name, ...values]);
      const { matches, target } = parseRule(argv);
      // A second target replaces the first one: iptables allows only one.
      fc.pre(options.filter(([, name]) => name === '-j' || name === '-g').length <= 1);
      const targetWords = target === undefined ? [] : [target.kind === 'jump' ? '-j' : '-g', target.name];
      const optionWords = (target?.options ?? []).flatMap(one => [
        ...(one.isNegated ? ['!'] : []),
        one.name,
        ...one.values,
      ]);
      const words = [...matches.flatMap(match => match.words), ...targetWords, ...optionWords];
      expect(words.toSorted()).toEqual(argv.toSorted());
    }),
  );
});
