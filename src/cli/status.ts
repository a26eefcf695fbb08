import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { paintedIo } from './io.js';
import { nodeSetting } from './node-setting.js';
import { optionsOf } from './options/add-options.js';
import { colorsOf } from './options/color.js';
import { takeKubeProxyFlags } from './options/kube-proxy-flags.js';
import { type NodeFlags, nodeOptions } from './options/node.js';
import { contradiction } from './options/refuse-misuse.js';
import { readSnapshot, type SnapshotFlags, snapshotOptions } from './options/snapshot.js';

interface StatusFlags extends NodeFlags, SnapshotFlags {
  readonly output?: 'json' | 'wide';
  readonly wide?: boolean;
  readonly watch?: boolean;
}

const watchMilliseconds = 2_000;

export function addStatusCommand(kproxy: Command): void {
  const command = kproxy
    .command('status')
    .description("on a worker: show each Service port's virtual server, real servers and connections")
    .addHelpText('after', examples)
    .action(action(status));
  takeKubeProxyFlags(command);
  optionsOf(command, () => [
    [
      new Option('-o, --output <format>', 'print json, or wide').choices(['json', 'wide']),
      new Option('--wide', 'a row for each real server, with its weight and connections'),
      new Option('-w, --watch', 'look again every two seconds, and print what has changed'),
    ],
    nodeOptions(),
    snapshotOptions(),
  ]);
}

const examples = `
Examples:
  kproxy status
  kproxy status --wide --watch
  kproxy status --snapshot node.json --from cluster.yaml    on any machine

Exit status: 0 in sync, 1 not in sync, 2 or more on error.`;

async function status(flags: StatusFlags, command: Command): Promise<CommandOutcome> {
  if (flags.watch && flags.snapshot !== undefined)
    throw contradiction('--watch and --snapshot: a snapshot does not change');
  const { runStatus, watchStatus } = await import('../commands/status.js');
  const snapshot = await readSnapshot(flags);
  const setting = await nodeSetting(flags, command, snapshot?.node);
  const isColored = colorsOf(command);
  const options = { ...setting, snapshot, output: outputOf(flags), isColored };
  const io = paintedIo(isColored);
  return flags.watch
    ? watchStatus(options, setting.access, io, untilInterrupted())
    : runStatus(options, setting.access, io);
}

const outputOf = ({ output, wide }: StatusFlags): 'text' | 'wide' | 'json' => output ?? (wide ? 'wide' : 'text');

function untilInterrupted() {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return {
    pause: () => pause(watchMilliseconds, 'again' as const, { signal: stop.signal }).catch(() => 'stop' as const),
  };
}
