import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { batches } from '../../src/node/batches.js';
import type { Change } from '../../src/node/change.js';
import { subjectOf } from '../../src/node/change.js';
import type { Check, Step } from '../../src/node/command.js';
import { type IptablesBackend, programOf } from '../../src/node/iptables-backend.js';
import { kindOf } from '../../src/node/kinds/index.js';
import { quoteArgument, quoteCommand, quoteWord } from '../../src/shell/quote.js';
import { batchScript } from '../../src/shell/script/batch-script.js';
import type { ScriptOptions } from '../../src/shell/script/header.js';
import { blocksOf, stepsScript } from '../../src/shell/script/steps-script.js';
import { hostilePlan, hostileText } from './support/hostile-plan.js';
import { type Recorded, Recorder } from './support/recorder.js';

const recorder = new Recorder();
afterAll(() => recorder.close());

const parameters = { seed: 20261123, numRuns: 60 };

interface Situation {
  readonly plan: readonly Change[];
  readonly options: ScriptOptions;
  /** Whether the script's checks find what they look for. */
  readonly isThere: boolean;
}

const situation: fc.Arbitrary<Situation> = fc.record({
  plan: hostilePlan,
  options: fc.record({
    nodeName: hostileText,
    startsFrom: hostileText,
    sudo: fc.boolean(),
    iptables: fc.constantFrom<IptablesBackend>('default', 'legacy', 'nft'),
  }),
  isThere: fc.boolean(),
});

/** What the step's commands are to be: checks first, and the command unless they say otherwise. */
function expected({ command, unless, when }: Step, { isThere, options }: Situation): readonly Recorded[] {
  const recorded = ({ argv }: Check, input = ''): Recorded => ({
    argv: [programOf(argv[0] ?? '', options.iptables), ...argv.slice(1)],
    input,
  });
  const done = recorded(command, command.input);
  if (when !== undefined) return isThere ? [recorded(when), done] : [recorded(when)];
  if (unless === undefined || unless.length === 0) return [done];
  return isThere ? unless.map(check => recorded(check)) : [recorded(unless[0] as Check), done];
}

const findsOf = (steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ when, unless = [] }) => [...(when ? [when] : []), ...unless].flatMap(({ finds }) => finds ?? []));

function check(script: string, steps: readonly Step[], situation: Situation, recorded: readonly Recorded[]): void {
  const result = recorder.run(script, situation.isThere ? findsOf(steps) : undefined);
  expect(result.recorded).toEqual(recorded);
  expect(result).toMatchObject({ exitCode: 0, stderr: '', files: [] });
}

describe('whatever stands in a plan, the shell starts exactly the commands that are meant', () => {
  test('in the readable script', () => {
    fc.assert(
      fc.property(situation, situation => {
        const { plan, options } = situation;
        const script = stepsScript(plan, { ...options, isInChapter: () => false, servicePortsOf: () => ['a\nb'] });
        const steps = blocksOf(plan)
          .flatMap(({ changes }) => changes)
          .flatMap(change => kindOf(subjectOf(change)).steps(change));
        check(
          script,
          steps,
          situation,
          steps.flatMap(step => expected(step, situation)),
        );
      }),
      parameters,
    );
  }, 60_000);

  test('in the script of batches', () => {
    fc.assert(
      fc.property(situation, found => {
        // What is there already, a restore of IPVS sets instead of adding it: that is not a matter of quoting.
        const situation = { ...found, isThere: false };
        const { plan, options } = situation;
        const all = batches(plan);
        const recorded = all.flatMap(({ step }) =>
          step.command.argv.join(' ') === 'ipvsadm --restore' ? restoreOf(step) : expected(step, situation),
        );
        check(batchScript(plan, options), [], situation, recorded);
      }),
      parameters,
    );
  }, 60_000);
});

/** On a node without virtual servers: nothing to look at, nothing to remove. */
const restoreOf = ({ command }: Step): readonly Recorded[] => [
  { argv: ['ipvsadm', '-S', '-n'], input: '' },
  {
    argv: command.argv,
    input: (command.input ?? '')
      .split('\n')
      .filter(line => !/^\s*-[dD]\s/.test(line))
      .join('\n'),
  },
];

test('words come back from a shell as they went in', () => {
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

test('a command reads as one would type it', () => {
  expect(
    quoteCommand(['iptables', '-A', 'X', '!', '-s', '10.0.0.0/8', '-m', 'comment', '--comment', "it's a rule", '']),
  ).toBe(`iptables -A X ! -s 10.0.0.0/8 -m comment --comment "it's a rule" ''`);
});
