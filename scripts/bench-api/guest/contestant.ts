import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter } from 'node:path';
import type { AuditLog } from './audit.js';
import { endpointCount } from './cluster.js';
import type { ControlPlane } from './control-plane.js';
import { type Counter, startCounter } from './counter.js';
import type { Traffic } from './job.js';
import { stopperOf } from './stop-child.js';
import { waitUntil } from './wait.js';

/** A program that programs a node of its own, a network namespace. It reaches the API server only through a counter. */
export interface Contestant {
  /** Starts the program that stays. */
  start(): void;
  /** Runs a program to its end. @throws Error with its output if it fails */
  run(argv: readonly string[]): Promise<void>;
  /** Waits until the kernel has every endpoint. */
  untilSynced(): Promise<void>;
  /** Waits until the API server has sent nothing for some seconds. */
  untilQuiet(): Promise<void>;
  /** Ends the connections to the API server. */
  cut(): void;
  /** Waits until the program has begun so many watches since `reset`. */
  untilWatching(count: number): Promise<void>;
  /** Begins to count. */
  reset(): void;
  /** Returns what the API server has sent since `reset`. */
  traffic(): Traffic;
  /** Ends the program that stays. */
  end(): Promise<void>;
  /** Ends the program, and removes the node and the counter. */
  remove(): Promise<void>;
}

export interface ContestantOptions {
  readonly name: string;
  /** A number of its own, for addresses. */
  readonly index: number;
  readonly controlPlane: ControlPlane;
  readonly audit: AuditLog;
  readonly programs: string;
  /** Returns how many endpoints of Services the kernel has in the network namespace of the process. */
  readonly countEndpoints: (pid: number) => number;
  /** Returns the command line of the program that stays. */
  readonly argv: (kubeconfig: string) => readonly string[];
}

const quietMilliseconds = 5_000;
const runMilliseconds = 300_000;

/** Adds a namespace that is a node, with a link to the API server. */
export async function addContestant(options: ContestantOptions): Promise<Contestant> {
  const { name, index, controlPlane, audit } = options;
  const [outside, inside] = [`172.31.${index}.1`, `172.31.${index}.2`];
  addNamespace(name, outside, inside);
  // The audit log tells the clients apart by the address that they come from.
  const source = `127.0.0.${index + 1}`;
  const target = { host: '127.0.0.1', port: controlPlane.port };
  const counter = await startCounter({ address: outside, target, localAddress: source });
  const kubeconfig = writeKubeconfig(controlPlane.kubeconfig, name, `https://${outside}:${counter.port}`);
  let child: Program | undefined;
  let start = 0;
  return {
    start: () => {
      child = startProgram(options, options.argv(kubeconfig));
    },
    run: argv => runToEnd(options, [...argv, '--kubeconfig', kubeconfig]),
    untilSynced: () =>
      waitUntil(`${endpointCount} endpoints of ${name}`, () => {
        child?.check();
        return options.countEndpoints(child?.process.pid ?? 0) === endpointCount;
      }).catch(error =>
        Promise.reject(new Error(`${error.message}; its log ends with:\n${child?.log().slice(-2_000)}`)),
      ),
    untilQuiet: () => untilQuiet(name, counter),
    cut: () => counter.cut(),
    untilWatching: count =>
      waitUntil(`${count} watches of ${name}`, () => watchesOf(audit.requestsFrom(source)) >= count),
    reset: () => {
      start = counter.received();
      audit.skip();
    },
    traffic: () => ({ bytes: counter.received() - start, requests: audit.requestsFrom(source) }),
    end: async () => child?.stop(),
    remove: async () => {
      await child?.stop();
      await counter.close();
      execFileSync('ip', ['netns', 'del', name]);
    },
  };
}

function addNamespace(name: string, outside: string, inside: string): void {
  const commands = [
    `netns add ${name}`,
    `link add ${name} type veth peer name eth0 netns ${name}`,
    `addr add ${outside}/30 dev ${name}`,
    `link set ${name} up`,
    `-n ${name} link set lo up`,
    `-n ${name} addr add ${inside}/30 dev eth0`,
    `-n ${name} link set eth0 up`,
    `-n ${name} route add default via ${outside}`,
  ];
  for (const command of commands) execFileSync('ip', command.split(' '));
}

/**
 * Writes a kubeconfig that leads through the counter. Its user is kube-proxy's, so that nothing is asked for that
 * `system:node-proxier` does not allow.
 */
function writeKubeconfig(administrators: string, name: string, server: string): string {
  const text = readFileSync(administrators, 'utf8')
    .replace(/server: "[^"]*"/, `server: "${server}"`)
    .replace('user: {token', 'user: {as: "system:kube-proxy", token');
  const path = `/tmp/bench-api-${name}.kubeconfig`;
  writeFileSync(path, text, { mode: 0o600 });
  return path;
}

interface Program {
  readonly process: ChildProcess;
  log(): string;
  /** Throws if the program has ended. */
  check(): void;
  stop(): Promise<void>;
}

function startProgram({ name, programs }: ContestantOptions, argv: readonly string[]): Program {
  const logFile = `/tmp/bench-api-${name}.log`;
  const log = openSync(logFile, 'w');
  const child = spawn('ip', ['netns', 'exec', name, ...argv], {
    stdio: ['ignore', log, log],
    env: { ...process.env, HOME: '/tmp', PATH: [programs, process.env.PATH].join(delimiter) },
  });
  closeSync(log);
  const text = () => readFileSync(logFile, 'utf8');
  return {
    process: child,
    log: text,
    check: () => {
      if (child.exitCode !== null) throw new Error(`${argv.join(' ')} ended with ${child.exitCode}`);
    },
    stop: stopperOf(child, 10_000),
  };
}

async function runToEnd(options: ContestantOptions, argv: readonly string[]): Promise<void> {
  const program = startProgram(options, argv);
  const hasEnded = () => program.process.exitCode !== null || program.process.signalCode !== null;
  await waitUntil(`the end of ${argv.join(' ')}`, hasEnded, runMilliseconds / 1_000).finally(() => program.stop());
  // 1 is what `kproxy diff` returns if there are differences.
  if (program.process.exitCode !== 0 && program.process.exitCode !== 1)
    throw new Error(`${argv.join(' ')} ended with ${program.process.exitCode}:\n${program.log().slice(-2_000)}`);
}

/** Counts the real servers of IPVS. */
export function realServersOf(pid: number): number {
  try {
    const table = readFileSync(`/proc/${pid}/net/ip_vs`, 'utf8');
    // The table's head has one arrow too.
    return table.split('->').length - 2;
  } catch {
    return 0;
  }
}

/** Returns how many of the requests are watches. */
export const watchesOf = (requests: readonly string[]): number =>
  requests.filter(request => request.startsWith('watch ')).length;

/** Counts the endpoints in the rules of kube-proxy's iptables mode. Each Service here has one port. */
export const endpointRulesOf = (pid: number): number =>
  execFileSync('nsenter', ['--net', '--target', String(pid), 'iptables-save', '-t', 'nat'], { encoding: 'utf8' })
    .split('\n')
    .filter(line => /^-A KUBE-SEP-\w+ .*-j DNAT/.test(line)).length;

const untilQuiet = (name: string, counter: Counter): Promise<void> =>
  waitUntil(`a pause in what ${name} gets`, () => performance.now() - counter.lastReceived() > quietMilliseconds, 120);
