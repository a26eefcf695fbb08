import { onTestFinished } from 'vitest';
import type { KproxyError } from '../../../src/errors.js';
import type { CommandResult, NodeAccess } from '../../../src/node/access.js';
import type { Command } from '../../../src/node/command.js';
import { runIp } from './ip.js';
import { runIpset } from './ipset.js';
import { runIptables } from './iptables.js';
import { runIpvsadm } from './ipvsadm.js';
import { type FakeKernel, freshKernel, loadModule } from './kernel.js';
import { done, refused, UnknownToFake, unknown } from './outcome.js';
import { readProc } from './proc.js';

/** kproxy's end at a command boundary, or inside a command. */
export class Killed extends Error {}

/** What happens to one command, counted over those that change something, from 1. */
export interface Trouble {
  readonly at: number;
  readonly how:
    | { readonly is: 'killed before' | 'killed after' }
    /** The tool has read no more of its input than that. */
    | { readonly is: 'killed inside'; readonly characters: number }
    | { readonly is: 'fails'; readonly exitCode: number; readonly stderr: string }
    /** The tool cannot be started, or does not end. */
    | { readonly is: 'throws'; readonly error: KproxyError };
}

export interface FakeNode extends NodeAccess {
  readonly kernel: FakeKernel;
  /** Every process, in order. */
  readonly commands: readonly Command[];
  readonly changing: readonly Command[];
  readonly inputBytes: number;
  trouble: Trouble | undefined;
}

const reading = new Set(['ip -d -j addr show', 'ipset save', 'iptables-save', 'ip6tables-save', 'ipvsadm -S -n']);
const isReading = ({ argv }: Command): boolean => reading.has(argv.join(' '));

/** A node in memory that knows the commands that kproxy sends, and fails the test at any other. */
export function fakeNode(kernel: FakeKernel = freshKernel()): FakeNode {
  const commands: Command[] = [];
  const unknownCommands: string[] = [];
  const node: FakeNode = {
    kernel,
    commands,
    trouble: undefined,
    get changing() {
      return commands.filter(command => !isReading(command));
    },
    get inputBytes() {
      return commands.reduce((sum, { input }) => sum + Buffer.byteLength(input ?? ''), 0);
    },
    readFile: async path => readProc(kernel, path),
    run: async command => {
      commands.push(command);
      const trouble = isReading(command) || node.trouble?.at !== node.changing.length ? undefined : node.trouble;
      try {
        return runTroubled(kernel, command, trouble);
      } catch (error) {
        if (error instanceof UnknownToFake) unknownCommands.push(error.message);
        throw error;
      }
    },
  };
  onTestFinished(() => {
    if (unknownCommands.length > 0) throw new Error(unknownCommands.join('\n'));
  });
  return node;
}

function runTroubled(kernel: FakeKernel, command: Command, trouble: Trouble | undefined): CommandResult {
  const how = trouble?.how;
  if (how === undefined) return runCommand(kernel, command);
  if (how.is === 'throws') throw how.error;
  if (how.is === 'fails') return refused(how.exitCode, how.stderr);
  if (how.is === 'killed after') runCommand(kernel, command);
  if (how.is === 'killed inside')
    runCommand(kernel, { ...command, input: (command.input ?? '').slice(0, how.characters) });
  throw new Killed();
}

/** Runs one command on a kernel. */
export function runCommand(kernel: FakeKernel, { argv, input = '' }: Command): CommandResult {
  const [program = '', ...rest] = argv;
  switch (program) {
    case 'ip':
      return runIp(kernel, rest, input);
    case 'ipset':
      return runIpset(kernel, rest, input);
    case 'ipvsadm':
      return runIpvsadm(kernel, rest, input);
    case 'tee':
      return tee(kernel, rest, input);
    case 'modprobe':
      if (rest.join(' ') !== 'ip_vs') unknown(argv.join(' '));
      loadModule(kernel, 'ip_vs');
      return done();
  }
  if (/^iptables(-save|-restore)?$/.test(program)) return runIptables(kernel, 'IPv4', argv, input);
  if (/^ip6tables(-save|-restore)?$/.test(program)) return runIptables(kernel, 'IPv6', argv, input);
  return unknown(argv.join(' '));
}

function tee(kernel: FakeKernel, paths: readonly string[], input: string): CommandResult {
  let stderr = '';
  for (const path of paths) {
    const name = path.replace('/proc/sys/', '');
    if (kernel.sysctls.has(name)) kernel.sysctls.set(name, input.trim());
    else stderr += `tee: ${path}: No such file or directory\n`;
  }
  return { stdout: input, stderr, exitCode: stderr === '' ? 0 : 1 };
}
