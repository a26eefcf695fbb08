#!/usr/bin/env node
import { version } from './cli/version.js';
import { loadProgram } from './startup/load-program.js';

// Whoever reads what is printed may stop at any line, as head does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit();
    throw error;
  });

// Asked often and by scripts: the answer must not wait until the rest is loaded.
if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else loadProgram().main().then(end);

/** Without waiting for Node, which would take its heap apart piece by piece first: 30 ms with 1,000 Services, on the sandbox's kernel. */
async function end(exitCode: number): Promise<never> {
  for (const stream of [process.stdout, process.stderr]) await new Promise(written => stream.write('', written));
  process.exit(exitCode);
}
