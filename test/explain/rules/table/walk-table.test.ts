import { describe, expect, test } from 'vitest';
import { type TableOutcome, type WhyOf, walkTable } from '../../../../src/explain/rules/table/walk-table.js';
import type { Packet } from '../../../../src/explain/trace/packet.js';
import type { Fork, RuleStep, Step, TableStep, Trace } from '../../../../src/explain/trace/trace.js';
import type { RuleChain } from '../../../../src/node/datapath/datapath.js';
import { splitRule } from '../../../../src/node/tools/iptables-save.js';
import { sampleNode, samplePacket } from '../support/sample-node.js';

interface SampleChain {
  readonly policy?: string;
  readonly rules: readonly string[];
}

const chainOf = (name: string, { policy, rules }: SampleChain): RuleChain => ({
  name,
  policy,
  rules: rules.map((line, index) => ({ argv: line === '' ? [] : splitRule(line), packets: index })),
});

/** Walks the sample packet through FORWARD of these chains. Each way ends with a marker that says how it left. */
function walk(
  chains: Readonly<Record<string, readonly string[] | SampleChain>>,
  changes: Partial<Packet> = {},
  whyOf: WhyOf = () => undefined,
) {
  const all = Object.entries(chains).map(([name, chain]) =>
    chainOf(name, 'rules' in chain ? chain : { rules: chain as readonly string[] }),
  );
  const node = sampleNode({
    tables: [{ family: 'IPv4', name: 'filter', chains: all }],
    addresses: { out0: ['10.2.0.1'] },
  });
  const outcomes: TableOutcome[] = [];
  const go = (outcome: TableOutcome): Trace => {
    outcomes.push(outcome);
    return { steps: [outcome.step], end: { kind: 'end', verdict: 'answered', clientSees: outcome.result } };
  };
  const place = { hook: 'FORWARD', table: 'filter', way: 'there' } as const;
  const trace = walkTable(node, place, samplePacket(changes), whyOf, go);
  return { trace, outcomes };
}

const rulesOf = (step: Step | undefined): readonly RuleStep[] => (step as TableStep).rules;
const asked = (step: Step | undefined): readonly string[] =>
  rulesOf(step).map(({ chain, number, depth, matched }) => `${depth} ${chain} ${number} ${matched}`);
const forkOf = (trace: Trace): Fork => {
  if (trace.end.kind !== 'fork') throw new Error('the trace does not fork');
  return trace.end;
};
const onlyOutcome = (outcomes: readonly TableOutcome[]): TableOutcome => {
  const [outcome, ...more] = outcomes;
  if (outcome === undefined || more.length > 0) throw new Error(`${outcomes.length} outcomes`);
  return outcome;
};

describe('a packet leaves the table', () => {
  test('by the policy', () => {
    const outcome = onlyOutcome(walk({ FORWARD: { policy: 'ACCEPT', rules: ['-p udp -j DROP'] } }).outcomes);
    expect(outcome).toMatchObject({ result: 'policy', step: { result: 'policy', policy: 'ACCEPT' } });
    expect(outcome.blame).toBeUndefined();
  });

  test('by a policy that drops it', () => {
    const outcome = onlyOutcome(walk({ FORWARD: { policy: 'DROP', rules: [''] } }).outcomes);
    expect(outcome).toMatchObject({ result: 'drop', step: { result: 'drop', policy: 'DROP' } });
    const where = { family: 'IPv4', table: 'filter', chain: 'FORWARD' };
    expect(outcome.blame).toEqual({ part: 'policy', ...where, policy: 'DROP' });
  });

  test('by a rule, which is blamed', () => {
    const outcome = onlyOutcome(walk({ FORWARD: ['-p udp -j ACCEPT', '-p tcp -j DROP', '-j ACCEPT'] }).outcomes);
    const where = { family: 'IPv4', table: 'filter', chain: 'FORWARD', number: 2 };
    expect(outcome.result).toBe('drop');
    expect(outcome.blame).toEqual({ part: 'rule', ...where, argv: ['-p', 'tcp', '-j', 'DROP'] });
    expect(asked(outcome.step)).toEqual(['0 FORWARD 1 no', '0 FORWARD 2 yes']);
  });

  test('refused, with what the client gets', () => {
    const outcome = onlyOutcome(walk({ FORWARD: ['-j REJECT --reject-with tcp-reset'] }).outcomes);
    expect(outcome).toMatchObject({ result: 'reject', how: 'tcp-reset', blame: { part: 'rule', number: 1 } });
  });

  test('with another source', () => {
    const outcome = onlyOutcome(walk({ FORWARD: ['-j SNAT --to-source 10.2.0.9', '-j DROP'] }).outcomes);
    expect(outcome).toMatchObject({ result: 'translate', packet: { source: '10.2.0.9' } });
    expect(outcome.step).toMatchObject({ before: { source: '10.1.0.2' }, ends: { source: '10.2.0.9' } });
    expect(rulesOf(outcome.step)[0]?.effect).toBe('source becomes 10.2.0.9');
  });

  test('without conntrack', () => {
    const outcome = onlyOutcome(walk({ FORWARD: ['-j CT --notrack', '-m conntrack --ctstate NEW -j DROP'] }).outcomes);
    expect(outcome).toMatchObject({ result: 'policy', untracked: true, packet: { state: 'UNTRACKED' } });
  });

  test('as it came if the table has no such chain', () => {
    const outcome = onlyOutcome(walk({}).outcomes);
    expect(outcome).toMatchObject({ result: 'policy', step: { rules: [], policy: 'ACCEPT' } });
  });
});

describe('chains', () => {
  test('are followed by the rest of the chain that jumped to them', () => {
    const { outcomes } = walk({ FORWARD: ['-j ONE', '-j DROP'], ONE: ['-j TWO', '-p udp'], TWO: ['-p tcp'] });
    const outcome = onlyOutcome(outcomes);
    expect(outcome.result).toBe('drop');
    expect(asked(outcome.step)).toEqual([
      '0 FORWARD 1 yes',
      '1 ONE 1 yes',
      '2 TWO 1 yes',
      '1 ONE 2 no',
      '0 FORWARD 2 yes',
    ]);
  });

  test('return to where they were jumped from', () => {
    const { outcomes } = walk({ FORWARD: ['-j ONE', '-j ACCEPT'], ONE: ['-p tcp -j RETURN', '-j DROP'] });
    expect(onlyOutcome(outcomes).result).toBe('accept');
  });

  test('that were gone to return to the jump before', () => {
    const chains = { ONE: ['-g TWO', '-j DROP'], TWO: ['-j RETURN'] };
    expect(onlyOutcome(walk({ FORWARD: ['-j ONE', '-j ACCEPT'], ...chains }).outcomes).result).toBe('accept');
    // From the built-in chain there is no jump to return to.
    expect(onlyOutcome(walk({ FORWARD: ['-g ONE', '-j DROP'], ...chains }).outcomes).result).toBe('policy');
  });

  test('end at the policy with RETURN in the built-in one', () => {
    expect(onlyOutcome(walk({ FORWARD: ['-j RETURN', '-j DROP'] }).outcomes).result).toBe('policy');
  });

  test('see the mark that an earlier rule has set', () => {
    const outcome = onlyOutcome(
      walk({
        FORWARD: ['-j ONE', '-m mark --mark 0x4000/0x4000 -j DROP'],
        ONE: ['-j MARK --set-xmark 0x4000/0x4000'],
      }).outcomes,
    );
    expect(outcome.step).toMatchObject({ markBefore: 0, markAfter: 0x4000, result: 'drop' });
  });

  test('with 10,000 rules, and 300 jumps deep, are walked to their end', () => {
    const long = Array.from({ length: 10_000 }, (_, index) => `-d 10.3.${index >> 8}.${index & 255} -j DROP`);
    expect(rulesOf(onlyOutcome(walk({ FORWARD: long }).outcomes).step)).toHaveLength(10_000);
    const deep = Object.fromEntries(Array.from({ length: 300 }, (_, index) => [`C${index}`, [`-j C${index + 1}`]]));
    expect(onlyOutcome(walk({ FORWARD: ['-j C0'], ...deep, C300: ['-j DROP'] }).outcomes).result).toBe('drop');
  });

  test('that go in a circle end the walk', () => {
    const { trace, outcomes } = walk({ FORWARD: ['-j ONE'], ONE: ['-g TWO'], TWO: ['-g ONE'] });
    expect(outcomes).toEqual([]);
    expect(trace.end).toMatchObject({ verdict: 'unknown', blame: { part: 'unknown' } });
  });
});

describe('a rule that fits some packets', () => {
  const chains = {
    FORWARD: ['-p tcp', '-m statistic --mode random --probability 0.25 -j DROP', '-p udp', '-j ACCEPT'],
  };

  test('forks the trace, with shares', () => {
    const { trace, outcomes } = walk(chains);
    expect(asked(trace.steps[0])).toEqual(['0 FORWARD 1 yes', '0 FORWARD 2 maybe']);
    expect(trace.steps).toHaveLength(1);
    expect(trace.steps[0]).toMatchObject({ result: 'uncertain' });
    const { by, branches } = forkOf(trace);
    expect(by).toBe('chance');
    expect(branches.map(({ label, share }) => [label, share])).toEqual([
      ['the rule matches', 0.25],
      ['the rule does not match', 0.75],
    ]);
    expect(branches.map(({ trace: way }) => asked(way.steps[0]))).toEqual([
      ['0 FORWARD 2 yes'],
      ['0 FORWARD 3 no', '0 FORWARD 4 yes'],
    ]);
    expect(outcomes.map(({ result }) => result)).toEqual(['drop', 'accept']);
  });

  test('forks without shares if kproxy does not understand it, and says why', () => {
    const { trace } = walk({ FORWARD: ['-m u32 --u32 0=1 -j ACCEPT'] });
    const { by, branches } = forkOf(trace);
    expect(by).toBe('unknown');
    expect(branches.map(({ share }) => share)).toEqual([undefined, undefined]);
    expect(rulesOf(trace.steps[0])[0]?.because).toEqual({ text: 'kproxy does not know the match u32' });
  });

  test('does not fork if it changes nothing', () => {
    const { outcomes } = walk({ FORWARD: ['-m limit --limit 1/sec -j LOG', '-m u32 --u32 0=1', '-j DROP'] });
    expect(asked(onlyOutcome(outcomes).step)).toEqual(['0 FORWARD 1 maybe', '0 FORWARD 2 maybe', '0 FORWARD 3 yes']);
  });

  test('keeps what the ways change apart', () => {
    const { outcomes } = walk({
      FORWARD: ['-j MARK --set-xmark 0x1/0x1', '-m statistic --mode nth --every 2 --packet 0 -j ONE'],
      ONE: ['-j MARK --set-xmark 0x2/0x2'],
    });
    expect(outcomes.map(({ step }) => [step.markBefore, step.markAfter])).toEqual([
      [1, 3],
      [1, 1],
    ]);
  });

  test('is followed both ways six times, and then no more', () => {
    const some = (count: number) => Array.from({ length: count }, () => '-m limit --limit 1/sec -j ACCEPT');
    expect(walk({ FORWARD: some(6) }).outcomes).toHaveLength(7);
    const { trace, outcomes } = walk({ FORWARD: some(7) });
    expect(outcomes).toHaveLength(6);
    let end = trace.end;
    while (end.kind === 'fork') end = end.branches.at(-1)?.trace.end ?? end;
    expect(end).toMatchObject({ verdict: 'unknown', blame: { part: 'unknown' } });
  });
});

describe('a target that kproxy does not know', () => {
  test.each(['-j NFQUEUE --queue-num 1', '-j GONE', '-g GONE', '-j MARK --odd'])('%s forks the trace', rule => {
    const { trace, outcomes } = walk({ FORWARD: [rule, '-j DROP'] });
    const { by, branches } = forkOf(trace);
    expect(by).toBe('unknown');
    expect(branches.map(({ label }) => label)).toEqual(['the packet goes on', 'the packet ends here']);
    expect(branches[1]?.trace.end).toMatchObject({ verdict: 'unknown', blame: { part: 'unknown' } });
    expect(onlyOutcome(outcomes).result).toBe('drop');
    expect(rulesOf(trace.steps[0])[0]).toMatchObject({ matched: 'yes', effect: expect.stringContaining('know') });
  });
});

test('Each rule has its counter, its reason, and the words that did not fit', () => {
  const why = { why: 'The test needs it.', servicePorts: ['default/web:http'] };
  const whyOf: WhyOf = ({ chain, number }, argv) =>
    chain === 'FORWARD' && number === 2 && argv[1] === 'ACCEPT' ? why : undefined;
  const { outcomes } = walk({ FORWARD: ['! -p tcp', '-j ACCEPT'] }, {}, whyOf);
  const place = { family: 'IPv4', table: 'filter', chain: 'FORWARD', depth: 0 };
  expect(rulesOf(onlyOutcome(outcomes).step)).toEqual([
    { ...place, number: 1, argv: ['!', '-p', 'tcp'], matched: 'no', failed: '! -p tcp', packets: 0 },
    { ...place, number: 2, argv: ['-j', 'ACCEPT'], matched: 'yes', packets: 1, why },
  ]);
});
