import { describe, expect, test } from 'vitest';
import { KproxyError } from '../../../src/errors.js';
import { NotRecordedError } from '../../../src/tutorial/lab/recorded/not-recorded.js';
import { formatProgress } from '../../../src/tutorial/play/progress/progress.js';
import { en } from '../../../src/tutorial/texts/en.js';
import { fakeLab } from './support/fake-lab.js';
import { acts, stepIds } from './support/lesson.js';
import { playTyped } from './support/play-typed.js';

const enters = (count: number): readonly string[] => Array(count).fill('');
const interrupted = { kind: 'interrupted', isSomethingDropped: false } as const;

/** Returns the lines from the first one that is equal to the given one. */
const from = (lines: readonly string[], first: string): readonly string[] => lines.slice(lines.indexOf(first));

describe('Enter', () => {
  test('goes through the whole lesson, and runs each command once', async () => {
    const { ending, lab, left, kept } = await playTyped(enters(13));
    expect({ ending, left }).toEqual({ ending: { kind: 'finished' }, left: [''] });
    expect(lab.calls).toEqual([
      'inajob: add first',
      'yuanying: add second',
      'inajob: remove first',
      'inajob: add first',
      'client-inajob: say hello',
    ]);
    expect(kept.at(-1)).toEqual({ step: 'card', done: stepIds, isFinished: true });
    expect(kept.slice(0, -1).map(({ step, done }) => [step, done.length])).toEqual(stepIds.map((id, i) => [id, i]));
  });

  test('shows a command, its output, what it moved, and that it is done', async () => {
    const { lines } = await playTyped(['', ''], { at: 'look' });
    expect(lines).toEqual([
      'step 5/6: look (en)',
      'Before say hello.',
      'client-inajob$ say hello',
      'keys: Enter run, s shell, h hint, w why, b back, k skip, r reset, l list, g ja, ? help, q quit',
      'client-inajob$ ',
      'client-inajob$ say hello',
      'hello',
      'done: Done.',
      'keys: Enter next step, s shell, w why, b back, r reset, l list, g ja, ? help, q quit',
      'client-inajob$ ',
      'step 6/6: card (en)',
      'Text of card.',
      'keys: Enter go on, s shell, b back, l list, g ja, ? help, q quit',
      'lesson> <ended>',
    ]);
  });

  test('is said to be one way of two at the first command of the lesson, if there is a kernel', async () => {
    const said = ({ lines }: { readonly lines: readonly string[] }) =>
      lines.flatMap((line, index) => (line === `note: ${en.task.runOrType}` ? [lines[index - 1]] : []));
    expect(said(await playTyped(enters(12)))).toEqual(['inajob$ add first']);
    expect(said(await playTyped(enters(12), { lab: fakeLab({ isRecorded: true }) }))).toEqual([]);
    expect(said(await playTyped([], { isAutomatic: true }))).toEqual([]);
  });

  test('does not repeat a command of several lines', async () => {
    const lines = 'say hello\nagain';
    const { lab, lines: printed } = await playTyped([''], { acts: [oneTask(lines, 'hello again')], at: 'only' });
    expect(lab.calls).toEqual([`master: ${lines}`]);
    expect(printed.filter(line => line.startsWith('master$ say'))).toEqual([`master$ ${lines}`]);
  });

  test('does not run a command whose work another terminal has done meanwhile', async () => {
    const lab = fakeLab();
    const attachShell = async () => void lab.names.add('first');
    const { lines } = await playTyped(['s', '', 'q'], { at: 'two-names', lab, attachShell });
    expect(lab.calls).toEqual([]);
    expect(from(lines, 'note: Back in the lesson.')).toEqual([
      'note: Back in the lesson.',
      'What moved:',
      '+ name/first',
      expect.stringMatching(/^keys: /),
      'inajob$ ',
      `done: ${en.task.doneBefore}`,
      'Before add second.',
      'yuanying$ add second',
      expect.stringMatching(/^keys: /),
      'yuanying$ q',
    ]);
  });
});

const oneTask = (command: string, shown: string): (typeof acts)[number] => ({
  id: 'only',
  title: { en: 'Only', ja: '' },
  steps: [
    {
      kind: 'exercise',
      id: 'only',
      tasks: [{ on: 'master', command, check: { kind: 'shown', on: 'master', texts: [shown] } }],
      texts: { en: { title: 'Only', tasks: [] }, ja: { title: '', tasks: [] } },
    },
  ],
});

describe('a page that is taller than the screen', () => {
  const paragraphs = ['One.', 'Two.', 'Three.', 'Four.', 'Five.'];
  const text = (title: string) => ({ title, paragraphs });
  const tall: (typeof acts)[number] = {
    id: 'tall',
    title: { en: 'Tall', ja: '' },
    steps: [{ kind: 'page', id: 'tall', texts: { en: text('Tall'), ja: text('Tall (ja)') } }],
  };
  const screens = (lines: readonly string[]) =>
    lines.filter(line => paragraphs.includes(line) || /^keys|^step|> /.test(line)).map(line => line.split(':')[0]);

  test('is shown in parts, with the keys below each', async () => {
    const { lines, ending } = await playTyped(['', '', ''], { acts: [tall], at: 'tall', paragraphsOnScreen: 2 });
    expect(screens(lines)).toEqual([
      ...['step 1/1', 'One.', 'Two.', 'keys', 'lesson> '],
      ...['Three.', 'Four.', 'keys', 'lesson> '],
      ...['Five.', 'keys', 'lesson> '],
    ]);
    expect(ending).toEqual({ kind: 'finished' });
  });

  test('stays at its part for other keys, and begins again in another language', async () => {
    const typed = ['', 'b', 'g', '', 'q'];
    const { lines } = await playTyped(typed, { acts: [tall], at: 'tall', paragraphsOnScreen: 3 });
    expect(screens(lines)).toEqual([
      ...['step 1/1', 'One.', 'Two.', 'Three.', 'keys', 'lesson> '],
      ...['Four.', 'Five.', 'keys', 'lesson> b', 'keys', 'lesson> g'],
      ...['step 1/1', 'One.', 'Two.', 'Three.', 'keys', 'lesson> '],
      ...['Four.', 'Five.', 'keys', 'lesson> q'],
    ]);
  });

  test('is shown as a whole if nobody plays', async () => {
    const { lines } = await playTyped([], { acts: [tall], at: 'tall', paragraphsOnScreen: 2, isAutomatic: true });
    expect(screens(lines)).toEqual(['step 1/1', ...paragraphs]);
  });
});

describe('a typed command', () => {
  test('that does the work is as good as the one that is shown', async () => {
    const { lab, lines } = await playTyped(['on yuanying: add first', 'q'], { at: 'two-names' });
    expect(lab.calls).toEqual(['yuanying: add first']);
    expect(lines).toContain('done: Done.');
    expect(lines).toContain('yuanying$ add second');
  });

  test('that does not do it says what is missing, and the prompt comes again', async () => {
    const { lines, lab } = await playTyped(['nonsense', 'say hm', 'q'], { at: 'two-names' });
    expect(lab.calls).toEqual(['inajob: nonsense', 'inajob: say hm']);
    expect(from(lines, 'inajob$ nonsense')).toEqual([
      'inajob$ nonsense',
      'nonsense: not found',
      'note: Exit code 127.',
      'missing: It is missing.',
      expect.stringMatching(/^keys: /),
      'inajob$ say hm',
      'hm',
      'missing: It is missing.',
      expect.stringMatching(/^keys: /),
      'inajob$ q',
    ]);
  });

  test('with an open here-document is asked for the rest', async () => {
    const { lab, lines } = await playTyped(['say <<END', 'one', '', 'END', 'q'], { at: 'two-names' });
    expect(lab.calls).toEqual(['inajob: say <<END\none\n\nEND']);
    expect(lines).toContain('> one');
  });

  test('that is dropped by Ctrl-C in its second line does not run', async () => {
    const dropped = { kind: 'interrupted', isSomethingDropped: true } as const;
    const { lab, ending } = await playTyped(["say 'open", dropped, dropped, 'q'], { at: 'two-names' });
    expect({ calls: lab.calls, ending }).toEqual({ calls: [], ending: { kind: 'left', isInterrupted: false } });
  });

  test('with the name of a key runs after a blank', async () => {
    const { lab, lines } = await playTyped([' h', 'h', 'q'], { at: 'two-names' });
    expect(lab.calls).toEqual(['inajob: h']);
    expect(lines).toContain('note: Hint for add first.');
  });

  test('is interrupted by Ctrl-C, and the lesson goes on', async () => {
    const { lines, ending } = await playTyped(['hang', ''], { at: 'two-names', isInterrupting: true });
    expect(lines).toContain(`note: ${en.task.interrupted}`);
    expect(lines).toContain('+ name/first');
    expect(ending).toEqual({ kind: 'left', isInterrupted: false });
  });

  test('that wants the whole terminal is interrupted, and a shell is offered', async () => {
    const lab = fakeLab();
    lab.run = (_, __, { onOutput, signal } = {}) => {
      onOutput?.('\u001b[?10');
      onOutput?.('49h');
      const ran = { output: '', exitCode: 129, timedOut: false };
      return new Promise(resolve => signal?.addEventListener('abort', () => resolve(ran)));
    };
    const { lines } = await playTyped(['vi', 'q'], { at: 'two-names', lab });
    expect(lines.filter(line => /^note/.test(line)).slice(1)).toEqual([
      `note: ${en.task.wantsTerminal}`,
      'note: Exit code 129.',
    ]);
  });

  test('that switches the screen and ends is not interrupted', async () => {
    const { lines } = await playTyped(['say \u001b[?1049h', 'q'], { at: 'two-names' });
    expect(lines.filter(line => /^note/.test(line))).toEqual([`note: ${en.task.runOrType}`]);
  });

  test('after the last task of a step only looks around', async () => {
    const { lines, lab } = await playTyped(['', 'say more', 'fail 3', '', 'q'], { at: 'look' });
    expect(lab.calls).toEqual(['client-inajob: say hello', 'client-inajob: say more', 'client-inajob: fail 3']);
    expect(from(lines, 'client-inajob$ say more').slice(0, 4)).toEqual([
      'client-inajob$ say more',
      'more',
      expect.stringMatching(/^keys: Enter next step/),
      'client-inajob$ fail 3',
    ]);
  });

  test('on a page needs the name of a machine', async () => {
    const { lines, lab } = await playTyped(['say hello', 'on master say hello', 'on nowhere say hello', 'q']);
    expect(lab.calls).toEqual(['master: say hello']);
    expect(lines.filter(line => line.startsWith('note: '))).toEqual([
      `note: ${en.task.noMachine}`,
      expect.stringMatching(/^note: There is no machine nowhere. There are: master, /),
    ]);
  });
});

test('the command that is shown is reported if its exit code is not the expected one', async () => {
  const { lines } = await playTyped(['', 'q'], { acts: [oneTask('fail 2', '')], at: 'only' });
  expect(lines).toContain(`error: ${en.task.unexpectedExit({ code: 2, expected: 0 })}`);
});

test('root has another prompt', async () => {
  const { lines } = await playTyped(['sudo su', '', 'q'], { at: 'two-names' });
  expect(lines.filter(line => line.startsWith('inajob'))).toEqual([
    'inajob$ add first',
    'inajob$ sudo su',
    'inajob# ',
    'inajob# add first',
  ]);
});

test('a task that is done before it begins is left out', async () => {
  const { lines, lab } = await playTyped(['on yuanying add second', '', 'q'], { at: 'two-names' });
  expect(lab.calls).toEqual(['yuanying: add second', 'inajob: add first']);
  expect(lines.slice(lines.indexOf('yuanying$ add second'))).toEqual([
    'yuanying$ add second',
    `done: ${en.task.doneBefore}`,
    expect.stringMatching(/^keys: Enter next step/),
    'yuanying$ q',
  ]);
});

describe('a question', () => {
  const predict = (guess: string) => playTyped([guess, '', 'q'], { at: 'predict', lab: labWith('first') });

  test.each([
    ['b', [`note: ${en.question.guessed('b')}`], `done: ${en.question.right('b')}`],
    ['C', [`note: ${en.question.guessed('c')}`], `note: ${en.question.wrong({ guess: 'c', answer: 'b' })}`],
    ['', [], `note: ${en.question.answer('b')}`],
  ])('is answered with %j, and the packets decide after the last task', async (typed, said, verdict) => {
    const { lines } = await predict(typed);
    expect(from(lines, 'What happens?')).toEqual([
      'What happens?',
      'a) this',
      'b) that',
      'c) nothing',
      'keys: Enter no guess, b back, k skip, l list, g ja, ? help, q quit',
      `a, b, c> ${typed}`,
      ...said,
      'Before remove first.',
      'inajob$ remove first',
      expect.stringMatching(/^keys: Enter run/),
      'inajob$ ',
      'inajob$ remove first',
      'What moved:',
      '- name/first',
      'done: Done.',
      verdict,
      'Because.',
      'After.',
      expect.stringMatching(/^keys: Enter next/),
      'inajob$ q',
    ]);
  });

  test('takes nothing but its choices and keys', async () => {
    const { lines, lab } = await playTyped(['d', 'add first', 'back'], { at: 'predict', lab: labWith('first') });
    expect(lines.filter(line => line === `note: ${en.question.onlyChoices}`)).toHaveLength(2);
    expect(lab.calls).toEqual(['restart: ', 'restarted']);
    expect(lines).toContain('step 2/6: two-names (en)');
  });
});

function labWith(...names: readonly string[]) {
  const lab = fakeLab();
  for (const name of names) lab.names.add(name);
  return lab;
}

describe('the key', () => {
  test('h gives a hint, and w says why', async () => {
    const { lines } = await playTyped(['h', 'why', '', 'w', 'q'], { at: 'two-names' });
    expect(lines.filter(line => /Hint|Why/.test(line))).toEqual([
      'note: Hint for add first.',
      'Why add first.',
      'Why add second.',
    ]);
  });

  test('w after the last task says why it was needed', async () => {
    const { lines } = await playTyped(['', 'w', 'q'], { at: 'look' });
    expect(lines.at(-3)).toBe('Why say hello.');
  });

  test('h on a page has nothing to say', async () => {
    const { lines } = await playTyped(['h', 'w', 'q']);
    expect(lines.filter(line => line === `note: ${en.task.nothingToSay}`)).toHaveLength(2);
  });

  test('b goes to the step before, on machines as they were there', async () => {
    const { lab, lines } = await playTyped(['', '', '', 'back', 'q'], { at: 'two-names' });
    expect(lab.calls.slice(2)).toEqual(['restart: ', 'restarted']);
    expect(lines.filter(line => line.startsWith('step '))).toEqual([
      'step 2/6: two-names (en)',
      'step 3/6: predict (en)',
      'step 2/6: two-names (en)',
    ]);
    expect([...lab.names]).toEqual([]);
  });

  test('b to a page that nothing was run after keeps the machines', async () => {
    const { lab } = await playTyped(['', 'b', '', 'q']);
    expect(lab.calls).toEqual([]);
  });

  test('b at the first step says so', async () => {
    expect((await playTyped(['b', 'q'])).lines).toContain(`note: ${en.moves.firstStep}`);
  });

  test('r begins the step again, on restored machines', async () => {
    const { lab, lines } = await playTyped(['', 'r', 'q'], { at: 'mended', lab: labWith('second') });
    expect(lab.calls).toEqual([
      'inajob: add first',
      'restart: inajob add first, yuanying add second, inajob remove first',
      'restarted',
    ]);
    expect([...lab.names]).toEqual(['second']);
    expect(lines.filter(line => line.startsWith('step '))).toHaveLength(2);
  });

  test('k runs the rest of the step and goes on', async () => {
    const { lab, lines } = await playTyped(['', 'k', 'q'], { at: 'two-names' });
    expect(lab.calls).toEqual(['inajob: add first', 'yuanying: add second']);
    expect(from(lines, 'yuanying$ k')).toEqual([
      'yuanying$ k',
      `note: ${en.moves.skipping}`,
      'yuanying$ add second',
      'act: Act 2. Two',
      'step 3/6: predict (en)',
      ...['What happens?', 'a) this', 'b) that', 'c) nothing'],
      expect.stringMatching(/^keys: /),
      'a, b, c> q',
    ]);
  });

  test('k restores the machines for the next step if a command does not do its work any more', async () => {
    const broken = oneTask('fail 1', 'never');
    const { lab, lines, ending } = await playTyped(['k', 'q'], { acts: [broken, ...acts], at: 'only' });
    expect(lab.calls).toEqual(['master: fail 1', 'restart: master fail 1', 'restarted']);
    expect(lines).toContain(`note: ${en.moves.skipFailed}`);
    expect(ending).toEqual({ kind: 'left', isInterrupted: false });
  });

  test('k at the last step ends the lesson', async () => {
    expect((await playTyped(['k'], { at: 'card' })).ending).toEqual({ kind: 'finished' });
  });

  test('l lists all steps, with marks for done and here', async () => {
    const { lines } = await playTyped(['', 'l', 'q']);
    expect(from(lines, 'inajob$ l').slice(1, -2)).toEqual([
      'Act 1. One',
      '+  1  welcome (en)',
      '>  2  two-names (en)',
      '',
      'Act 2. Two',
      '   3  predict (en)',
      '   4  mended (en)',
      '   5  look (en)',
      '   6  card (en)',
      en.moves.listFoot,
    ]);
  });

  test.each(['step 5', 'step look'])('%s goes there, without what was broken and mended on the way', async typed => {
    const { lab, lines } = await playTyped([typed, 'q']);
    expect(lab.calls).toEqual(['restart: inajob add first, yuanying add second', 'restarted']);
    expect(lines).toContain('step 5/6: look (en)');
  });

  test.each(['step 0', 'step 7', 'step', 'step nowhere'])('%s says which steps there are', async typed => {
    const name = typed.split(' ')[1] ?? '';
    expect((await playTyped([typed, 'q'])).lines).toContain(`note: ${en.moves.unknownStep({ name, count: 6 })}`);
  });

  test('g shows the same place in the other language, and back', async () => {
    const { lines } = await playTyped(['', '', 'g', 'lang en', 'lang fr', 'q'], { at: 'welcome' });
    expect(lines.filter(line => /^step|^note/.test(line))).toEqual([
      'step 1/6: welcome (en)',
      'step 2/6: two-names (en)',
      `note: ${en.task.runOrType}`,
      'step 2/6: two-names (ja)',
      'step 2/6: two-names (en)',
      `note: ${en.moves.unknownLanguage('fr')}`,
    ]);
    expect(from(lines, 'step 2/6: two-names (ja)')).toContain('yuanying$ add second');
  });

  test('? explains all keys', async () => {
    expect(from((await playTyped(['?', 'q'])).lines, 'lesson> ?').slice(1, -2)).toEqual(en.help('kproxy tutorial'));
  });

  test('s opens a shell on the machine of the step, or on another one', async () => {
    const machines: string[] = [];
    const attachShell = async (machine: string) => void machines.push(machine);
    const { lines } = await playTyped(['s', 's master', 's nowhere', 'q'], { at: 'two-names', attachShell });
    expect(machines).toEqual(['inajob', 'master']);
    expect(lines).toContain(`note: ${en.shell.opens('inajob')}`);
    expect(lines.some(line => line.startsWith('note: There is no machine nowhere.'))).toBe(true);
  });

  test('s says why a shell cannot be opened, and the lesson goes on', async () => {
    const attachShell = () => Promise.reject(new Error('no terminal is left'));
    const { lines } = await playTyped(['s', 'q'], { at: 'two-names', attachShell });
    expect(lines).toContain(`error: ${en.shell.failed('no terminal is left')}`);
  });
});

describe('the lesson is left', () => {
  test.each([['q'], ['quit'], ['exit'], [{ kind: 'ended' } as const]])('with %j at each place', async key => {
    for (const before of [[], [''], ['', ''], ['', '', ''], ['', '', '', '']])
      expect((await playTyped([...before, key])).ending).toEqual({ kind: 'left', isInterrupted: false });
  });

  test('with Ctrl-C', async () => {
    expect((await playTyped([interrupted])).ending).toEqual({ kind: 'left', isInterrupted: true });
  });
});

describe('nobody plays', () => {
  test('and the whole lesson is printed without keys and prompts', async () => {
    const { ending, lines } = await playTyped([], { isAutomatic: true });
    expect(ending).toEqual({ kind: 'finished' });
    expect(lines).toEqual([
      'act: Act 1. One',
      'step 1/6: welcome (en)',
      'Text of welcome.',
      'step 2/6: two-names (en)',
      ...['Before add first.', 'inajob$ add first', 'What moved:', '+ name/first', 'done: Done.'],
      ...['Before add second.', 'yuanying$ add second', 'What moved:', '+ name/second', 'done: Done.'],
      'act: Act 2. Two',
      'step 3/6: predict (en)',
      ...['What happens?', 'a) this', 'b) that', 'c) nothing'],
      ...['Before remove first.', 'inajob$ remove first', 'What moved:', '- name/first', 'done: Done.'],
      ...['note: The answer is b.', 'Because.', 'After.'],
      'step 4/6: mended (en)',
      ...['Before add first.', 'inajob$ add first', 'What moved:', '+ name/first', 'done: Done.'],
      'step 5/6: look (en)',
      ...['Before say hello.', 'client-inajob$ say hello', 'hello', 'done: Done.'],
      'step 6/6: card (en)',
      'Text of card.',
    ]);
  });

  test.each([
    ['a check fails', oneTask('say hello', 'bye'), 'It is missing.'],
    ['a command ends with another exit code', oneTask('fail 2', ''), en.task.unexpectedExit({ code: 2, expected: 0 })],
  ])('and the lesson stops if %s', async (_, act, problem) => {
    const { ending } = await playTyped([], { acts: [act], at: 'only', isAutomatic: true });
    const { command } =
      act.steps[0]?.kind === 'exercise' ? (act.steps[0].tasks[0] ?? { command: '' }) : { command: '' };
    expect(ending).toEqual({ kind: 'stopped', id: 'only', problem: `master$ ${command}: ${problem}` });
  });
});

describe('recorded answers', () => {
  const recorded = () => fakeLab({ isRecorded: true });

  test('are marked, and only the command that is shown has one', async () => {
    const lab = recorded();
    const { lines } = await playTyped(['say other', 's', 'say hello', 'say more', 'q'], { at: 'look', lab });
    expect(lab.calls).toEqual(['client-inajob: say hello']);
    expect(lines.filter(line => /^recorded|^hello|^done/.test(line))).toEqual([
      `recorded: ${en.recorded.noTyping}`,
      `recorded: ${en.recorded.noShell}`,
      `recorded: ${en.recorded.mark}`,
      'hello',
      'done: Done.',
      `recorded: ${en.recorded.noTyping}`,
    ]);
  });
});

test('a command without a recorded answer is an error that does not end the lesson', async () => {
  const lab = fakeLab({ isRecorded: true });
  lab.run = () => Promise.reject(new NotRecordedError('inajob', 'add first'));
  const { lines, ending } = await playTyped(['', 'k', 'q'], { at: 'two-names', lab });
  expect(lines).toContain('error: no kernel is here to answer on inajob: add first');
  expect(lines).toContain('step 3/6: predict (en)');
  expect(ending).toEqual({ kind: 'left', isInterrupted: false });
});

describe('machines that end by themselves', () => {
  const ended = new KproxyError({ code: 'sandbox-failed', message: 'the kernel ended' });
  const losing = (times: number) => {
    const lab = fakeLab();
    const { run } = lab;
    let left = times;
    lab.run = (...all) => {
      left -= 1;
      return left >= 0 ? Promise.reject(ended) : run(...all);
    };
    return lab;
  };

  test('are replaced, and the step begins again', async () => {
    const lab = losing(1);
    const { lines } = await playTyped(['', '', 'q'], { at: 'two-names', lab });
    expect(lines).toContain(`error: ${en.moves.lost('the kernel ended')}`);
    expect(lab.calls).toEqual(['restart: ', 'restarted', 'inajob: add first']);
    expect(lines.filter(line => line.startsWith('step '))).toHaveLength(2);
  });

  test('are replaced as often as the learner ends them', async () => {
    const { lines, ending } = await playTyped(['', '', '', 'q'], { at: 'two-names', lab: losing(3) });
    expect(lines.filter(line => line === `error: ${en.moves.lost('the kernel ended')}`)).toHaveLength(3);
    expect(ending).toEqual({ kind: 'left', isInterrupted: false });
  });

  test('and end again before anything was typed are an error', async () => {
    const lab = fakeLab();
    const { observe } = lab;
    let calls = 0;
    lab.observe = () => {
      calls += 1;
      return calls % 2 === 1 ? observe() : Promise.reject(ended);
    };
    await expect(playTyped(['', 'q'], { at: 'two-names', lab })).rejects.toThrow('the kernel ended');
  });
});

test('Ctrl-C while the machines are restored leaves the lesson at the step that it was to go to', async () => {
  const lab = fakeLab();
  lab.restart = (_, signal) => new Promise(resolve => signal?.addEventListener('abort', () => resolve()));
  const { ending, kept, lines, left } = await playTyped(['step look', 'q'], { lab, isInterrupting: true });
  expect(ending).toEqual({ kind: 'left', isInterrupted: true });
  expect(kept.map(({ step }) => step)).toEqual(['welcome', 'look']);
  expect(lines.at(-1)).toMatch(/^note: Restoring all machines .* step 5 of 6/);
  expect(left).toEqual(['q']);
});

test('a finished lesson starts anew with Enter, or goes to one step', async () => {
  const anew = await playTyped(['', 'q'], { wasFinished: true });
  expect(anew.lines.slice(0, 5)).toEqual([
    `done: ${en.start.finishedBefore}`,
    expect.stringMatching(/^keys: Enter start over, /),
    'lesson> ',
    'act: Act 1. One',
    'step 1/6: welcome (en)',
  ]);
  expect(anew.kept).toEqual([{ step: 'welcome', done: [], isFinished: false }]);
  const again = await playTyped(['step look', 'q'], { wasFinished: true });
  expect(again.lines).toContain('step 5/6: look (en)');
});

test('progress that cannot be kept is said once', async () => {
  const keep = () => ({ path: '/nowhere/tutorial.json', reason: 'read-only' });
  const { lines } = await playTyped(['', 'b', 'q'], { keep });
  const said = `error: ${en.progress.unwritable({ path: '/nowhere/tutorial.json', reason: 'read-only' })}`;
  expect(lines.filter(line => line.startsWith('error: '))).toEqual([said]);
});

test('the lesson in Japanese prints no word of the English one', async () => {
  const { lines } = await playTyped(['h', 'w', '', '', '', 'a', '', ''], { at: 'two-names', language: 'ja' });
  const marked = /^(?:note|done|missing|keys|act|step):? (.*)$/;
  const words = lines.flatMap(line => marked.exec(line)?.[1] ?? []);
  expect(words.length).toBeGreaterThan(10);
  expect(words.filter(line => /\b(the|you|is|Done|Enter run)\b/i.test(line))).toEqual([]);
});

test('a kept progress is a small document', () => {
  expect(JSON.parse(formatProgress({ step: 'look', done: ['welcome'], isFinished: false }))).toEqual({
    version: 1,
    step: 'look',
    done: ['welcome'],
    isFinished: false,
  });
});
