import type { Command } from 'commander';
import { version } from '../version.js';
import { processIo } from './io.js';

export function addVersionCommand(kproxy: Command): void {
  kproxy
    .command('version')
    .description('print the version')
    .addHelpText('after', '\nExamples:\n  kproxy version')
    .action(() => processIo.stdout(`${version}\n`));
}
