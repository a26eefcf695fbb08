import { onTestFinished } from 'vitest';
import type { KproxyError } from '../../../src/errors.js';
import type { CommandResult, NodeAccess } from '../../../src/node/access.js';
import type { Command } from '../../../src/node/command.js';
import { runConntrack } from './conntrack.js';
import { runIp } from './ip.js';
import { runIpset } from './ipset.js';
import { runIptables, runNft } from './iptables.js';
import { runIpvsadm } from './ipvsadm.js';
import { type FakeKernel, freshKernel, loadModule } from './kernel.js';
import { done, refused, UnknownToFake, unknown } from './outcome.js';
import { readProc } from './proc.js';

/** Stands for the end of kproxy by a signal, between two commands or during one. */
export class Killed extends Error {}

/** What happens to one command. Only commands that change something are counted, from 1. */
interface Trouble {
  readonly at: number;
  readonly how:
    | { readonly is: 'killed before' | 'killed after' }
    /** The tool has read only this number of characters of its input. */
    | { readonly is: 'killed inside'; readonly characters: number }
    | { readonly is: 'fails'; readonly exitCode: number; readonly stderr: string }
    /** The tool cannot be started, or does not end in time. */
    | { readonly is: 'throws'; readonly error: KproxyError };
}

export interface FakeNode extends NodeAccess {
  readonly kernel: FakeKernel;
  /** All commands that were run, in order. */
  readonly commands: readonly Command[];
  readonly changing: readonly Command[];
  readonly inputBytes: number;
  trouble: Trouble | undefined;
  /** The results of commands that start with this text, which are not run. */
  readonly broken: Map<string, CommandResult | KproxyError>;
}

const reading = new RegExp(
  `^(${[
    'ip -d -j addr show|ip -j -[46] (route show table all|rule show)',
    'ipset save( \\S+)?|ipset list -n|ipset list (\\S+ )?-t -o xml',
    'ip6?tables(-legacy|-nft)?(-save( -c)?| -w -t nat -S POSTROUTING)',
    'ipvsadm -(S|L) -n( --thresholds)?',
    'ipvsadm -L --timeout',
    'conntrack -L .*',
    'nft .*list .*',
  ].join('|')})$`,
);
const isReading = ({ argv }: Command): boolean => reading.test(argv.join(' '));

/** Returns a node in memory that knows the commands that kproxy sends, and fails the test at any other. */
export function fakeNode(kernel: FakeKernel = freshKernel()): FakeNode {
  const commands: Command[] = [];
  const unknownCommands: string[] = [];
  const node: FakeNode = {
    kernel,
    commands,
    trouble: undefined,
    broken: new Map(),
    get changing() {
      return commands.filter(command => !isReading(command));
    },
    get inputBytes() {
      return commands.reduce((sum, { input }) => sum + Buffer.byteLength(input ?? ''), 0);
    },
    readFile: async path => readProc(kernel, path),
    isReadOnly: async path => {
      const name = path.replace('/proc/sys/', '');
      return kernel.readOnly.has(name) && kernel.sysctls.has(name);
    },
    run: async command => {
      commands.push(command);
      const broken = brokenResult(node, command);
      if (broken !== undefined) return broken;
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

function brokenResult({ broken }: FakeNode, { argv }: Command): CommandResult | undefined {
  const result = [...broken].find(([start]) => argv.join(' ').startsWith(start))?.[1];
  if (result instanceof Error) throw result;
  return result;
}

function runTroubled(kernel: FakeKernel, command: Command, trouble: Trouble | undefined): CommandResult {
  const how = trouble?.how;
  if (how === undefined) return runCommand(kernel, command);
  if (how.is === 'throws') throw how.error;
  if (how.is === 'fails') return refused(how.exitCode, how.stderr);
  if (how.is === 'killed after') runCommand(kernel, command);
  if (how.is === 'killed inside') runCut(kernel, { ...command, input: (command.input ?? '').slice(0, how.characters) });
  throw new Killed();
}

/** Runs a command whose input is cut off. The tool refuses a cut line that it does not know. */
function runCut(kernel: FakeKernel, command: Command): void {
  try {
    runCommand(kernel, command);
  } catch (error) {
    if (!(error instanceof UnknownToFake)) throw error;
  }
}

type Program = (kernel: FakeKernel, argv: readonly string[], input: string) => CommandResult;

const programs: Readonly<Record<string, Program>> = {
  ip: runIp,
  ipset: runIpset,
  ipvsadm: runIpvsadm,
  tee,
  sed,
  nft: runNft,
  conntrack: runConntrack,
  ls: (kernel, [path = '', ...more]) => {
    if (more.length > 0 || !path.startsWith('/proc/')) unknown(`ls ${path}`);
    const isThere = readProc(kernel, path) !== undefined;
    return isThere ? done(`${path}\n`) : refused(2, `ls: cannot access '${path}': No such file or directory\n`);
  },
  awk: (kernel, [program = '', path = '']) => {
    const [, limit] = /^\{ exit !\(\$1 >= (\d+)\) \}$/.exec(program) ?? unknown(`awk ${program}`);
    const value = readProc(kernel, path);
    if (value === undefined) return refused(2, `awk: cannot open ${path} (No such file or directory)\n`);
    return Number(value) >= Number(limit) ? done() : refused(1, '');
  },
  modprobe: (kernel, names) => {
    if (names.join(' ') !== 'ip_vs') unknown(`modprobe ${names.join(' ')}`);
    loadModule(kernel, 'ip_vs');
    return done();
  },
};

/** Runs one command on a kernel. */
export function runCommand(kernel: FakeKernel, { argv, input = '' }: Command): CommandResult {
  const [name = '', ...rest] = argv;
  const program = programs[name];
  if (program !== undefined) return program(kernel, rest, input);
  const [, prefix] = /^(iptables|ip6tables)(-legacy|-nft)?(-save|-restore)?$/.exec(name) ?? [];
  if (prefix === undefined) return unknown(argv.join(' '));
  return runIptables(kernel, prefix === 'iptables' ? 'IPv4' : 'IPv6', argv, input);
}

/**
 * Writes files as `tee` does. Those of /proc/sys must exist, and those below /run are created. Empty input writes
 * nothing.
 */
function tee(kernel: FakeKernel, paths: readonly string[], input: string): CommandResult {
  const missing = paths.filter(path => !write(kernel, path, input));
  const word = (path: string) =>
    kernel.readOnly.has(path.replace('/proc/sys/', '')) ? 'Permission denied' : 'No such file or directory';
  const stderr = missing.map(path => `tee: ${path}: ${word(path)}\n`).join('');
  return { stdout: input, stderr, exitCode: missing.length === 0 ? 0 : 1 };
}

/** Writes each line of the input to the files that `-e 'NUMBERw PATH'` names for it. Opens all files first. */
function sed(kernel: FakeKernel, [quiet, ...words]: readonly string[], input: string): CommandResult {
  const text = words.join(' ');
  if (quiet !== '-n' || !/^(-e \d+w \S+ ?)+$/.test(text)) unknown(`sed ${quiet} ${text}`);
  const writes = [...text.matchAll(/(\d+)w (\S+)/g)].map(([, line, path = '']) => ({ line: Number(line), path }));
  const closed = writes.find(({ path }) => !write(kernel, path, ''));
  if (closed !== undefined) return refused(4, `sed: couldn't open file ${closed.path}: No such file or directory\n`);
  for (const { line, path } of writes) write(kernel, path, input.split('\n')[line - 1] ?? '');
  return done();
}

function write(kernel: FakeKernel, path: string, text: string): boolean {
  if (path.startsWith('/run/')) {
    kernel.files.set(path, text);
    return true;
  }
  const name = path.replace('/proc/sys/', '');
  if (!kernel.sysctls.has(name) || kernel.refusals.has(name) || kernel.readOnly.has(name)) return false;
  if (text.trim() !== '') kernel.sysctls.set(name, text.trim());
  return true;
}
