import type { MatchSet, SetEntry } from '../../../node/datapath/datapath.js';
import type { DatapathIndex } from '../../datapath/datapath-index.js';
import type { Packet } from '../../trace/packet.js';
import type { Because } from '../../trace/trace.js';
import { optionOf, unknownOption } from '../kinds.js';
import { type Answer, answer, chance, type MatchKind, no, signed, unknown } from '../match.js';
import type { RuleOption } from '../rule.js';
import { type Dimension, familyOfSet } from '../sets/layout.js';
import { type Found, lookUp, type Query, queryOf, type Side } from '../sets/look-up.js';
import { type SetIndex, setIndex } from '../sets/set-index.js';

/** A set of ipset. Source of the order of all tests: ip_set_test in ip_set_core.c. */
export const set: MatchKind = {
  name: 'set',
  test(options, packet, node) {
    const match = optionOf(options, '--match-set');
    const strange = options.find(({ name }) => !knownOptions.has(name));
    if (match === undefined || strange !== undefined)
      return strange === undefined ? unknown('the rule names no set') : unknownOption('set', strange);
    const [name = '', sides = ''] = match.values;
    const question = {
      sides: sides.split(',').map(side => (side === 'dst' ? 'dst' : 'src')),
      packet,
      returnsException: options.some(isReturnException),
    } satisfies Question;
    return signed(match, setAnswer(name, question, node));
  },
};

/** What only counts makes no difference to the packet. */
const knownOptions: ReadonlySet<string> = new Set([
  '--match-set',
  '--return-nomatch',
  '--update-counters',
  '--update-subcounters',
]);

const isReturnException = ({ name }: RuleOption): boolean => name === '--return-nomatch';

interface Question {
  readonly sides: readonly Side[];
  readonly packet: Packet;
  readonly returnsException: boolean;
}

function setAnswer(name: string, question: Question, node: DatapathIndex): Answer {
  const found = node.set(name);
  if (found === undefined) return unknown(`the set ${name} could not be read`);
  if (found.type === 'list:set') return listAnswer(found, question, node);
  const family = familyOfSet(found);
  if (family !== undefined && family !== question.packet.family)
    return answer(false, { set: name, text: `${name} is a set of ${family}` });
  const index = setIndex(found);
  if (index === undefined || found.options?.includes('bitmask') === true)
    return unknown(`kproxy does not know how the kernel looks packets up in the set ${name}`);
  if (question.sides.length < index.dimensions.length) return no;
  return entryAnswer(found, index, question);
}

/** A packet is in a list of sets if it is in any of them. */
function listAnswer(list: MatchSet, question: Question, node: DatapathIndex): Answer {
  const answers = list.entries.map(({ value }) => setAnswer(value, question, node));
  return (
    answers.find(({ is }) => is === 'yes') ??
    answers.find(({ is }) => is === 'maybe') ??
    answer(false, { set: list.name, text: `no set of ${list.name} has the packet` })
  );
}

function entryAnswer(found: MatchSet, index: SetIndex, { sides, packet, returnsException }: Question): Answer {
  if (index.dimensions.includes('mac')) return macAnswer(found);
  const query = queryOf(found, index.dimensions, sides, packet);
  if (query === undefined) return no;
  const result = lookUp(index, query, packet);
  const because = becauseOf(found, query, result);
  if (result.is === 'some ports') return chance("it depends on the port that the client's kernel chooses");
  if (result.is === 'none') return answer(false, because);
  const isException = result.entry.isException === true;
  return answer(hasExceptions(index.dimensions) ? isException === returnsException : true, because);
}

/** Only types with networks have exceptions. The others ignore `--return-nomatch`. */
const hasExceptions = (dimensions: readonly Dimension[]): boolean => dimensions.includes('net');

const macAnswer = ({ name, entries }: MatchSet): Answer =>
  entries.length === 0 ? no : unknown(`kproxy does not know the MAC addresses of packets, which the set ${name} has`);

function becauseOf({ name }: MatchSet, { text }: Query, result: Found): Because {
  const looked = { set: name, looked: text };
  if (result.is !== 'none') return { ...looked, entry: textOf(result.entry) };
  return result.near === undefined ? looked : { ...looked, near: textOf(result.near) };
}

const textOf = ({ value, isException }: SetEntry): string => (isException === true ? `${value} nomatch` : value);
