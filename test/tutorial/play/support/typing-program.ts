// Asks for lines with a typing learner and prints what it gets as JSON. The tests run it on a pseudo-terminal.
//
//   busy    waits until Ctrl-C
//   hand    hands the terminal to a shell that reads a line
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { typingLearner } from '../../../../src/tutorial/play/learner/typing.js';

const learner = typingLearner({
  input: process.stdin,
  screen: process.stdout,
  hasLineEditor: process.env.TERM !== 'dumb',
  isRemembered: line => line.length > 1,
});

const work: Readonly<Record<string, () => Promise<string>>> = {
  busy: () =>
    learner.whileBusy(async signal => {
      process.stdout.write('working\n');
      const limit = setTimeout(20_000, 'the time is over', { ref: false });
      return Promise.race([limit, once(signal, 'abort').then(() => 'interrupted')]);
    }),
  nap: () => learner.whileBusy(() => setTimeout(500, 'rested')),
  hand: () =>
    learner.handOver(async () => {
      const shell = spawn('sh', ['-c', 'stty -a | grep -o "[-]*icanon"; read line; echo "shell: $line"'], {
        stdio: 'inherit',
      });
      await once(shell, 'exit');
      return 'returned';
    }),
};

let isContinued = false;
for (;;) {
  const typed = await learner.ask({ text: isContinued ? '> ' : 'Ask$ ', isContinued });
  process.stdout.write(`${JSON.stringify(typed)}\n`);
  if (typed.kind === 'ended' || (typed.kind === 'interrupted' && !typed.isSomethingDropped)) break;
  const text = typed.kind === 'line' ? typed.text : '';
  isContinued = text === 'more' || (isContinued && text !== 'end');
  const result = await work[text]?.();
  if (result !== undefined) process.stdout.write(`${result}\n`);
}
learner.close();
process.stdout.write('over\n');
