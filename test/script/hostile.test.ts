import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import type { Change } from '../../src/node/change.js';
import { subjectOf } from '../../src/node/change.js';
import type { Check, Step } from '../../src/node/command.js';
import type { Element } from '../../src/node/element.js';
import { type IptablesBackend, programOf } from '../../src/node/iptables-backend.js';
import { kindOf } from '../../src/node/kinds/index.js';
import type { Reasons } from '../../src/node/reason.js';
import { batchScript } from '../../src/script/batch-script.js';
import type { ScriptOptions } from '../../src/script/header.js';
import { quoteArgument, quoteCommand, quoteWord } from '../../src/script/quote.js';
import { blocksOf } from '../../src/script/script-blocks.js';
import { stepsScript } from '../../src/script/steps-script.js';
import { hostilePlan, hostileReasons, hostileText } from './support/hostile-plan.js';
import { type Recorded, Recorder } from './support/recorder.js';
import { filteredInput, filterReads } from './support/restore-filter.js';

const recorder = new Recorder();
afterAll(() => recorder.close());

const httpServer = { protocol: 'TCP', address: '10.96.0.1', port: 80 } as const;
const parameters = { seed: 20261123, numRuns: 60 };

interface Situation {
  readonly plan: readonly Change[];
  readonly reasons: Reasons;
  readonly besideTutorial: boolean;
  readonly options: ScriptOptions;
  /** True if the script's checks find what they look for. */
  readonly isPresent: boolean;
}

const situation: fc.Arbitrary<Situation> = fc.record({
  plan: hostilePlan,
  reasons: hostileReasons,
  besideTutorial: fc.boolean(),
  options: fc.record({
    nodeName: hostileText,
    startsFrom: hostileText,
    sudo: fc.boolean(),
    iptables: fc.constantFrom<IptablesBackend>('default', 'legacy', 'nft'),
  }),
  isPresent: fc.boolean(),
});

/**
 * Returns the commands that a step must start: its checks, as far as the shell evaluates them, and its command if they
 * allow it.
 */
function expected(step: Step, finds: readonly string[] | undefined, { options }: Situation): readonly Recorded[] {
  const recorded = ({ argv }: Check, input = ''): Recorded => ({
    argv: [programOf(argv[0] ?? '', options.iptables), ...argv.slice(1)],
    input,
  });
  const { command, when, unless = [] } = step;
  const done = recorded(command, command.input);
  if (when !== undefined) return holds(when, finds) ? [recorded(when), done] : [recorded(when)];
  const failing = unless.findIndex(check => !holds(check, finds));
  const looked = failing < 0 ? unless : unless.slice(0, failing + 1);
  return [...looked.map(check => recorded(check)), ...(unless.length > 0 && failing < 0 ? [] : [done])];
}

/** Returns true if a check holds. As in grep, every line of the pattern is a pattern. */
const holds = (check: Check, finds: readonly string[] | undefined): boolean =>
  isFound(check, finds) !== (check.isAbsent ?? false);

function isFound({ finds: pattern, once }: Check, finds: readonly string[] | undefined): boolean {
  if (finds === undefined || pattern === undefined) return finds !== undefined;
  const [lines, patterns] = [finds.flatMap(text => text.split('\n')), pattern.split('\n')];
  return once
    ? lines.filter(line => patterns.includes(line)).length === 1
    : lines.some(line => patterns.some(part => line.includes(part)));
}

const findsOf = (steps: readonly Step[]): readonly string[] => [
  ...new Set(
    steps.flatMap(({ when, unless = [] }) => [...(when ? [when] : []), ...unless].flatMap(({ finds }) => finds ?? [])),
  ),
];

function check(script: string, finds: readonly string[] | undefined, recorded: readonly Recorded[]): void {
  const result = recorder.run(script, finds);
  expect(result.recorded).toEqual(recorded);
  expect(result).toMatchObject({ exitCode: 0, stderr: '', files: [] });
}

describe('whatever text a plan has, the shell starts exactly the commands that are meant', () => {
  test('in the readable script', () => {
    fc.assert(
      fc.property(situation, situation => {
        const { plan, reasons, options, isPresent, besideTutorial } = situation;
        const tutorial = besideTutorial ? { isBeyond: () => true, isRuleBeyond: () => true } : undefined;
        const script = stepsScript(plan, { ...options, reasons, tutorial, servicePortsOf: () => ['a\nb'] });
        const steps = blocksOf(plan, reasons)
          .flatMap(({ changes }) => changes)
          .flatMap(change => kindOf(subjectOf(change)).steps(change));
        const finds = isPresent ? findsOf(steps) : undefined;
        const recorded = steps.flatMap(step => expected(step, finds, situation));
        check(script, finds, recorded);
      }),
      parameters,
    );
  }, 60_000);

  test('in the script of batches', () => {
    fc.assert(
      fc.property(situation, situation => {
        const { plan, options, isPresent } = situation;
        const steps = batches(plan).map(({ step }) => step);
        const finds = isPresent ? savedLines(steps) : undefined;
        const recorded = steps.flatMap(step => restored(step, finds, options) ?? expected(step, finds, situation));
        check(batchScript(plan, options), finds, recorded);
      }),
      parameters,
    );
  }, 60_000);
});

/** Returns the lines with which the tools save what restores add and what they remove. */
const savedLines = (steps: readonly Step[]): readonly string[] =>
  steps
    .filter(({ command }) => filterReads(command))
    .flatMap(({ command: { input = '' } }) => input.split('\n'))
    .map(line => line.replace(/^-[ID] /, '-A ').replace(/^-d /, '-a '));

/** Returns the commands of a restore on a node that has saved lines, or undefined if the step is no restore. */
function restored(
  { command }: Step,
  finds: readonly string[] | undefined,
  { iptables }: ScriptOptions,
): readonly Recorded[] | undefined {
  const recorded = ([program = '', ...rest]: readonly string[], input = ''): Recorded => ({
    argv: [programOf(program, iptables), ...rest],
    input,
  });
  const reads = filterReads(command);
  const present = (finds ?? []).map(line => `${line}\n`).join('');
  return reads && [recorded(reads), recorded(command.argv, filteredInput(command, present))];
}

test.each(['iptables-restore', 'ipvsadm'])(
  'a script of batches ends before %s if the filter of its input fails',
  tool => {
    const recorder = new Recorder();
    recorder.install('awk', '#!/bin/sh\ncat >/dev/null\nexit 2\n');
    const after: Element =
      tool === 'ipvsadm'
        ? { kind: 'virtual-server', ...httpServer, scheduler: 'rr', flags: [], persistence: undefined }
        : { kind: 'chain', family: 'IPv4', table: 'nat', name: 'KUBE-SERVICES', rules: [] };
    const options = { nodeName: 'node-a', startsFrom: 'nothing', sudo: false, iptables: 'default' } as const;
    const { exitCode, recorded } = recorder.run(batchScript([{ verb: 'add', after }], options), undefined);
    recorder.close();
    expect(exitCode).toBe(2);
    expect(recorded.map(({ argv }) => argv.join(' '))).toEqual([
      tool === 'ipvsadm' ? 'ipvsadm -S -n' : 'iptables-save',
    ]);
  },
);

test('the shell reads back every quoted word unchanged', () => {
  fc.assert(
    fc.property(fc.array(hostileText, { maxLength: 8 }), words => {
      for (const quote of [quoteWord, quoteArgument]) {
        const { recorded } = recorder.run(`ipset ${words.map(quote).join(' ')}\n`, undefined);
        expect(recorded).toEqual([{ argv: ['ipset', ...words], input: '' }]);
      }
    }),
    { ...parameters, numRuns: 150 },
  );
}, 60_000);

test('a command is quoted as a person would type it', () => {
  expect(
    quoteCommand(['iptables', '-A', 'X', '!', '-s', '10.0.0.0/8', '-m', 'comment', '--comment', "it's a rule", '']),
  ).toBe(`iptables -A X ! -s 10.0.0.0/8 -m comment --comment "it's a rule" ''`);
});
