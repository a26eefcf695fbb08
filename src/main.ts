#!/usr/bin/env node
import { version } from './cli/version.js';
import { loadProgram } from './load-program.js';

// Whoever reads what is printed may stop at any line, as head does.
for (const stream of [process.stdout, process.stderr])
  stream.on('error', error => {
    if ((error as NodeJS.ErrnoException).code === 'EPIPE') process.exit();
    throw error;
  });

// Asked often and by scripts: the answer must not wait until the rest is loaded.
if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else
  loadProgram()
    .main()
    .then(exitCode => {
      process.exitCode = exitCode;
    });
