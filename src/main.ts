#!/usr/bin/env node
import { version } from './cli/version.js';

// Asked often and by scripts: the answer must not wait until the command line's library is loaded.
if (process.argv.length === 3 && process.argv[2] === '--version') process.stdout.write(`${version}\n`);
else {
  const { main } = await import('./cli.js');
  process.exitCode = await main();
}
