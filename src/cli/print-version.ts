import type { Command } from 'commander';
import { processIo } from './io.js';
import { version } from './version.js';

export function addVersionCommand(kproxy: Command): void {
  kproxy
    .command('version')
    .description('print the version')
    .addHelpText('after', '\nExamples:\n  kproxy version')
    .action(() => processIo.stdout(`${version}\n`));
}
