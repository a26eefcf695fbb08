import { canonicalAddress, ipv6Text } from '../net/address.js';
import type { NodeAccess } from './access.js';

/** The words before a command that run it in a network namespace. */
export type EnterNamespace = readonly string[];

/** A machine with more namespaces is searched for its first ones only. */
const mostNamespaces = 512;

/**
 * Finds the addresses of a machine's network namespaces, such as those of Pods: of the namespaces in which processes
 * run, and of those that have a name (`ip netns`).
 * @returns by address, how its namespace is entered; nothing where the user may not look
 */
export async function namespacesByAddress(node: NodeAccess): Promise<ReadonlyMap<string, EnterNamespace>> {
  const found = new Map<string, EnterNamespace>();
  const add = (addresses: readonly string[], enter: EnterNamespace): void => {
    for (const address of addresses) if (!found.has(address)) found.set(address, enter);
  };
  const running = await runningNamespaces(node);
  for (const { pid } of running) add(await addressesOfProcess(node, pid), nsenter(pid));
  const known = new Set(running.flatMap(({ names }) => names));
  for (const name of await namedNamespaces(node))
    if (!known.has(name)) add(await addressesOfNamespace(node, name), netnsExec(name));
  return found;
}

const nsenter = (pid: number): EnterNamespace => ['nsenter', '-t', String(pid), '-n', '--'];
const netnsExec = (name: string): EnterNamespace => ['ip', 'netns', 'exec', name];

interface RunningNamespace {
  /** One of its processes. */
  readonly pid: number;
  /** The names that `ip netns` has for it. */
  readonly names: readonly string[];
}

async function runningNamespaces(node: NodeAccess): Promise<readonly RunningNamespace[]> {
  const printed = await jsonOf(node, ['lsns', '-t', 'net', '-J', '-o', 'NS,PID,NSFS']);
  const { namespaces } = printed as { readonly namespaces?: unknown };
  return objectsIn(namespaces)
    .map(({ pid, nsfs }) => ({ pid: Number(pid), names: namesIn(nsfs) }))
    .filter(({ pid }) => Number.isInteger(pid) && pid > 0)
    .slice(0, mostNamespaces);
}

/** Returns the names among the files that a namespace is mounted on: `/run/netns/cni-1`. */
const namesIn = (nsfs: unknown): readonly string[] =>
  typeof nsfs === 'string' ? [...nsfs.matchAll(/\/netns\/([^\s/]+)/g)].map(([, name = '']) => name) : [];

/** Returns the names of namespaces, without those that ip would take for options. */
async function namedNamespaces(node: NodeAccess): Promise<readonly string[]> {
  return objectsIn(await jsonOf(node, ['ip', '-j', 'netns', 'list']))
    .flatMap(({ name }) => (typeof name === 'string' && /^[^-]/.test(name) ? [name] : []))
    .slice(0, mostNamespaces);
}

async function addressesOfNamespace(node: NodeAccess, name: string): Promise<readonly string[]> {
  return objectsIn(await jsonOf(node, ['ip', '-n', name, '-j', 'addr', 'show']))
    .flatMap(({ addr_info }) => objectsIn(addr_info))
    .flatMap(({ local }) => (typeof local === 'string' ? (canonicalAddress(local) ?? []) : []));
}

/** Reads the addresses of a process's namespace without starting a command in it. */
async function addressesOfProcess(node: NodeAccess, pid: number): Promise<readonly string[]> {
  const [trie, ipv6] = await Promise.all([
    readable(node, `/proc/${pid}/net/fib_trie`),
    readable(node, `/proc/${pid}/net/if_inet6`),
  ]);
  return [
    ...[...trie.matchAll(/\|-- ([\d.]+)\n\s+\/32 host LOCAL/g)].map(([, address = '']) => address),
    ...[...ipv6.matchAll(/^([\da-f]{32}) /gm)].map(([, digits = '']) =>
      ipv6Text(digits.replace(/(.{4})(?!$)/g, '$1:')),
    ),
  ];
}

/** Returns a file, or an empty text: the process may have ended, or be another user's. */
const readable = (node: NodeAccess, path: string): Promise<string> =>
  node.readFile(path).then(
    text => text ?? '',
    () => '',
  );

/** Returns what a tool prints as JSON, or an empty list if it is missing or fails. */
async function jsonOf(node: NodeAccess, argv: readonly string[]): Promise<unknown> {
  try {
    const { exitCode, stdout } = await node.run({ argv });
    return exitCode === 0 && stdout.trim() !== '' ? JSON.parse(stdout) : [];
  } catch {
    return [];
  }
}

const objectsIn = (value: unknown): readonly Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.filter(one => typeof one === 'object' && one !== null) : [];
