import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';
import type { Sandbox } from '../../../src/sandbox/sandbox.js';
import { output } from './guest.js';
import { kproxy } from './kproxy.js';
import { ipvsLines, type ProgrammedState, setEntries } from './node-state.js';

const parity = fileURLToPath(new URL('../../parity/', import.meta.url));
const nodeOptions = ['--node', 'node-a', '--cluster-cidr', '10.244.0.0/16,fd00:244::/32'];

/** A recorded cluster, the options of the recording, and the folder with the state that kube-proxy programmed. */
export interface RecordedCase {
  readonly name: string;
  readonly from: string;
  readonly options: readonly string[];
  readonly reference: string;
}

/** The cases recorded with kube-proxy's defaults. */
export const defaultCases: readonly RecordedCase[] = readdirSync(`${parity}cases`)
  .map(file => file.replace('.json', ''))
  .map(name => ({
    name,
    from: `${parity}cases/${name}.json`,
    options: nodeOptions,
    reference: `${parity}reference/${name}`,
  }));

/** The case recorded with other options. */
export const otherOptionsCase: RecordedCase = {
  name: 'all-together with other options',
  from: `${parity}cases/all-together.json`,
  options: [
    ...nodeOptions,
    ...['--ipvs-strict-arp', '--ipvs-scheduler', 'wrr', '--masquerade-all', '--nodeport-addresses', '10.10.0.0/24'],
  ],
  reference: `${parity}reference-options/all-together`,
};

/** Creates a node like the one of the recording, in its own network namespace. */
export async function newNode(sandbox: Sandbox, name: string): Promise<void> {
  await output(sandbox, ['ip', '-batch', '-'], { input: `netns add ${name}\n` });
  const commands = [
    'link set lo up',
    'link add eth0 type dummy',
    'link set eth0 up',
    'addr add 10.10.0.11/24 dev eth0',
    'addr add fd00:10:10::11/64 dev eth0 nodad',
  ];
  await output(sandbox, ['ip', '-batch', '-'], { input: `${commands.join('\n')}\n`, namespace: name });
}

export const removeNode = (sandbox: Sandbox, name: string): Promise<string> =>
  output(sandbox, ['ip', 'netns', 'del', name]);

/** Runs sync, which must succeed. Returns its standard output. */
export async function syncCase(sandbox: Sandbox, node: string, { from, options }: RecordedCase): Promise<string> {
  const { stdout, stderr, exitCode } = await kproxy(sandbox, node, ['sync', '--from', from, ...options]);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  return stdout;
}

/** Prints the script and runs it the given number of times. Further runs must be harmless. */
export async function scriptCase(
  sandbox: Sandbox,
  node: string,
  form: 'steps' | 'batch',
  { from, options }: RecordedCase,
  times: number,
): Promise<void> {
  const argv = ['sync', '--dry-run', '--script', form, '--from', from, ...options];
  const { stdout, stderr, exitCode } = await kproxy(sandbox, node, argv);
  expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  for (let time = 1; time <= times; time += 1) {
    const run = await sandbox.run(['sh', '-eu'], { namespace: node, input: stdout });
    expect({ time, exitCode: run.exitCode, stderr: run.stderr }).toEqual({ time, exitCode: 0, stderr: '' });
  }
}

const linesOf = (text: string): readonly string[] => text.split('\n').filter(line => line !== '');

/** Returns the state that kube-proxy programmed, without rules, which other tests compare packet by packet. */
export function referenceState({ reference }: RecordedCase): Omit<ProgrammedState, 'rules'> {
  const read = (file: string): string => readFileSync(`${reference}/${file}`, 'utf8');
  return {
    ipvs: ipvsLines(read('ipvs')),
    addresses: [...linesOf(read('addresses'))].sort(),
    sets: setEntries(read('ipset')),
    sysctls: sysctlsOf(read('sysctl')),
  };
}

/** Returns sysctls without those of the network itself, which kube-proxy does not change. */
const sysctlsOf = (text: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    linesOf(text)
      .map(line => line.split(' = ') as [string, string])
      .filter(([key]) => !key.includes('bridge') && !key.includes('route_localnet'))
      .map(([key, value]) => [key.replaceAll('.', '/'), value]),
  );
