import { familyOf } from '../../../src/net/address.js';
import { isInNetwork } from '../../../src/net/network.js';
import type { CommandResult } from '../../../src/node/access.js';
import type { FakeFlow, FakeKernel } from './kernel.js';
import { done, inputLines, refused, unknown } from './outcome.js';

const version = 'conntrack v1.4.7 (conntrack-tools)';
const usage = (message: string): CommandResult =>
  refused(2, `${version}: ${message}\nTry \`conntrack -h' or 'conntrack --help' for more information.\n`);

/** Runs `conntrack …` as kproxy and its scripts call it: the batch of a file, and single commands. */
export function runConntrack(kernel: FakeKernel, argv: readonly string[]): CommandResult {
  const [verb, file = ''] = argv;
  if (verb === '-R' && argv.length === 2) return load(kernel, file);
  return line(kernel, argv);
}

/** Runs the lines of a file. A line that matches nothing is no error, and one that cannot be parsed ends the run. */
function load(kernel: FakeKernel, file: string): CommandResult {
  const text = kernel.files.get(file);
  if (text === undefined) return usage(`Failed to open file ${file} for reading`);
  for (const { text: words } of inputLines(text)) {
    const result = line(kernel, words.split(' '));
    if (result.exitCode === 2) return result;
  }
  return done();
}

function line(kernel: FakeKernel, [verb, ...words]: readonly string[]): CommandResult {
  const selected = parseFilter(words);
  if (typeof selected === 'string') return usage(selected);
  const found = [...kernel.flows].filter(flow => isSelected(flow, selected));
  if (verb === '-L') return { ...done(found.map(flowLine).join('')), stderr: summary(found.length, 'shown') };
  if (verb !== '-D') return unknown(`conntrack ${verb}`);
  for (const flow of found) kernel.flows.delete(flow);
  return {
    stdout: found.map(flowLine).join(''),
    stderr: summary(found.length, 'deleted'),
    exitCode: found.length > 0 ? 0 : 1,
  };
}

const summary = (count: number, what: string): string => `${version}: ${count} flow entries have been ${what}.\n`;

/** What a filter asks for. */
interface FlowFilter {
  /** An address or a network. */
  readonly address: string;
  readonly port: number | undefined;
  readonly backend: string | undefined;
  readonly backendPort: number | undefined;
}

const isSelected = (flow: FakeFlow, { address, port, backend, backendPort }: FlowFilter): boolean =>
  (address.includes('/') ? isInNetwork(flow.address, address) : flow.address === address) &&
  [flow.port, undefined].includes(port) &&
  [flow.backend, undefined].includes(backend) &&
  [backendPortOf(flow), undefined].includes(backendPort);

/** Returns the port that a flow's answers come from. */
const backendPortOf = ({ address, port, backend, backendPort }: FakeFlow): number =>
  backendPort ?? (backend === address ? port : 5353);

function flowLine(flow: FakeFlow): string {
  const { address, port, backend } = flow;
  const client = familyOf(address) === 'IPv6' ? 'fd00:244:1::9' : '10.244.1.9';
  return [
    `udp      17 29 src=${client} dst=${address} sport=40000 dport=${port}`,
    `src=${backend} dst=${client} sport=${backendPortOf(flow)} dport=40000 [ASSURED] mark=0 use=1\n`,
  ].join(' ');
}

const filterWords = ['-f', '-p', '-d', '--dport', '-r', '--reply-port-src'];
const numberOf = (text: string | undefined) => (text === undefined ? undefined : Number(text));

/** Returns what a filter selects, or conntrack's message about a filter that it refuses. */
export function parseFilter(words: readonly string[]): FlowFilter | string {
  const options = new Map<string, string>();
  for (let at = 0; at < words.length; at += 2) {
    const [name = '', value] = words.slice(at, at + 2);
    if (value === undefined) return `option \`${name}' requires an argument`;
    options.set(name, value);
  }
  const address = options.get('-d') ?? '';
  const isRight = [...options.keys()].every(name => filterWords.includes(name));
  if (!isRight || address === '' || options.get('-p') !== 'udp') unknown(`conntrack's filter ${words.join(' ')}`);
  if ((familyOf(address) === 'IPv6') !== (options.get('-f') === 'ipv6')) return `Invalid IP address \`${address}'`;
  return {
    address,
    port: numberOf(options.get('--dport')),
    backend: options.get('-r'),
    backendPort: numberOf(options.get('--reply-port-src')),
  };
}
