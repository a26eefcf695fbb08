import { setTimeout as pause } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import { processIo } from './io.js';
import { nodeCommandSetting } from './node-command.js';
import { addNodeFlags, type NodeFlags } from './proxy-flags.js';
import { readSnapshot, type SnapshotFlag, withSnapshotFlag } from './snapshot-flag.js';

interface StatusFlags extends NodeFlags, SnapshotFlag {
  readonly output?: 'json' | 'wide';
  readonly wide?: boolean;
  readonly watch?: boolean;
}

const watchMilliseconds = 2_000;

export function addStatusCommand(kproxy: Command): void {
  withSnapshotFlag(
    addNodeFlags(
      kproxy
        .command('status')
        .description("on a worker: show each Service port's virtual server, real servers and connections")
        .addOption(new Option('-o, --output <format>', 'print json, or wide').choices(['json', 'wide']))
        .option('--wide', 'a row for each real server, with its weight and connections')
        .option('-w, --watch', 'look again every two seconds, and print what has changed'),
    ),
  )
    .addHelpText('after', examples)
    .action(async (flags: StatusFlags, command: Command) => {
      process.exitCode = await status(flags, command);
    });
}

const examples = `
Examples:
  kproxy status
  kproxy status --wide --watch
  kproxy status --snapshot node.json --from cluster.yaml    on any machine

Ends with 0 where the node is in sync, 1 where it is not, and more where that could not be found out.`;

async function status(flags: StatusFlags, command: Command): Promise<number> {
  const [{ runStatus, watchStatus }, snapshot] = await Promise.all([
    import('../commands/status.js'),
    readSnapshot(flags),
  ]);
  const setting = await nodeCommandSetting(flags, command, snapshot?.node);
  const options = { ...setting, snapshot, output: outputOf(flags) };
  const outcome = flags.watch
    ? await watchStatus(options, setting.access, processIo, untilInterrupted())
    : await runStatus(options, setting.access, processIo);
  return outcome.exitCode;
}

const outputOf = ({ output, wide }: StatusFlags): 'text' | 'wide' | 'json' => output ?? (wide ? 'wide' : 'text');

function untilInterrupted() {
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());
  return {
    pause: () => pause(watchMilliseconds, 'again' as const, { signal: stop.signal }).catch(() => 'stop' as const),
  };
}
