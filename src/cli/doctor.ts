import { hostname } from 'node:os';
import { type Command, Option } from 'commander';
import type { CommandOutcome } from '../commands/shared/outcome.js';
import { action } from './action.js';
import { paintedIo } from './io.js';
import { nodeAccess } from './node-setting.js';
import { type AccessFlags, accessOptions } from './options/access.js';
import { optionsOf } from './options/add-options.js';
import { globalFlags } from './options/cluster.js';
import { colorsOf } from './options/color.js';

interface DoctorFlags extends AccessFlags {
  readonly node?: string;
  readonly output?: 'json';
}

export function addDoctorCommand(kproxy: Command): void {
  const command = kproxy
    .command('doctor')
    .description('on a worker: check what kproxy needs there, and print the command that fixes what is missing')
    .addHelpText('after', examples)
    .action(action(doctor));
  optionsOf(command, () => [
    [
      new Option('-o, --output <format>', 'print json').choices(['json']),
      new Option('--node <name>', "the node's name in the cluster (default: the host name)"),
    ],
    accessOptions(),
  ]);
}

const examples = `
Examples:
  sudo kproxy doctor
  kproxy doctor -o json

Exit status: 0 ok or with advice, 1 with problems, 2 or more on error. Nothing is changed, but the kernel may load
modules: it is tried in a network namespace of its own.`;

async function doctor(flags: DoctorFlags, command: Command): Promise<CommandOutcome> {
  const [{ runDoctor }, { createKubectl }, { thisMachine }] = await Promise.all([
    import('../commands/doctor.js'),
    import('../cluster/run-kubectl.js'),
    import('../doctor/read/this-machine.js'),
  ]);
  const { access, sudo } = await nodeAccess(flags);
  const withoutSudo = await nodeAccess({ ...flags, sudo: false });
  const isColored = colorsOf(command);
  return runDoctor(
    {
      nodeWithoutSudo: withoutSudo.access,
      nodeName: flags.node ?? hostname(),
      sudo,
      kubectl: createKubectl(globalFlags(command)),
      surroundings: thisMachine(),
      output: flags.output ?? 'text',
      isColored,
    },
    access,
    paintedIo(isColored),
  );
}
