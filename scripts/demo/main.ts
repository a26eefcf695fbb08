// The demo: the tutorial's cluster on a private kernel, with its Service programmed step by step. Started by
// scripts/demo.sh.
import { reportError } from '../../src/cli/report.js';
import { perform } from './perform.js';
import { play } from './play.js';
import { openStage } from './stage.js';
import { createTerminal, wantsColors } from './terminal.js';

const terminal = createTerminal({
  write: text => void process.stdout.write(text),
  colors: wantsColors(process.env, process.stdout.isTTY),
  width: Math.min(process.stdout.columns ?? 100, 100),
});

async function demo(): Promise<number> {
  const start = performance.now();
  const seconds = () => ((performance.now() - start) / 1_000).toFixed(1);
  const stage = await openStage({ project: process.cwd() });
  try {
    const { stdout: release } = await stage.run('master', 'uname -r');
    terminal.say(
      `A Linux kernel of our own (${release.trim()}) and a network for it: ready in ${seconds()} s. ` +
        'It runs as an ordinary program, nothing on this machine is changed, and it is gone when the demo ends.',
    );
    const problems = await perform(play, stage, terminal);
    for (const problem of problems) process.stderr.write(`demo: ${problem}\n`);
    if (problems.length > 0) terminal.end('Something did not go as it should: see above.', false);
    else
      terminal.end(`10.254.10.128 answers from both Pods, wherever it is called. The play took ${seconds()} s.`, true);
    return problems.length === 0 ? 0 : 1;
  } finally {
    await stage.close();
  }
}

process.exitCode = await demo().catch(reportError);
