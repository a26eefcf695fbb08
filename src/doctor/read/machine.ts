import type { NodeAccess } from '../../node/access.js';
import type { Machine, System } from '../facts.js';
import type { Surroundings } from '../surroundings.js';

/** Files that container engines leave in a container. */
const containerFiles = ['/run/.containerenv', '/.dockerenv'];
/** Pods have it, unless they choose not to. */
const tokenFile = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/** Reads what kind of machine this is. */
export async function readMachine(node: NodeAccess, { isRoot, architecture }: Surroundings): Promise<Machine> {
  const system = systemOf((await textOf(node, '/etc/os-release')) ?? '');
  const marks = await Promise.all([...containerFiles, tokenFile].map(path => textOf(node, path)));
  return { system, isContainer: marks.some(mark => mark !== undefined), isRoot, architecture };
}

/** Returns a file that may be unreadable for this user. */
const textOf = (node: NodeAccess, path: string): Promise<string | undefined> =>
  node.readFile(path).catch(() => undefined);

/** Returns whose packages a system has, by its os-release(5). */
export function systemOf(osRelease: string): System {
  const field = (name: string): string => new RegExp(`^${name}=["']?([^"'\\n]*)`, 'm').exec(osRelease)?.[1] ?? '';
  const ids = `${field('ID')} ${field('ID_LIKE')}`.split(/\s+/);
  if (ids.includes('ubuntu')) return 'ubuntu';
  if (ids.includes('debian')) return 'debian';
  return ids.some(id => ['fedora', 'rhel', 'centos'].includes(id)) ? 'fedora' : 'other';
}
