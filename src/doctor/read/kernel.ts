import type { NodeAccess } from '../../node/access.js';
import { ownSysctlNames } from '../../node/names.js';
import { outputOf, understood } from '../../node/reading.js';
import { parseProcModules } from '../../node/tools/proc-modules.js';
import type { Device, Fact, ModuleFacts, Parameters } from '../facts.js';
import { factOf, unread } from './fact.js';

/** Reads which modules the kernel has loaded, and which it could load. */
export async function readModules(node: NodeAccess): Promise<ModuleFacts> {
  const release = ((await node.readFile('/proc/sys/kernel/osrelease')) ?? '').trim();
  const folder = `/lib/modules/${release}`;
  const loaded = [...parseProcModules((await node.readFile('/proc/modules')) ?? '')].map(({ name }) => name);
  const lists = await Promise.all(
    ['modules.dep', 'modules.builtin'].map(name => node.readFile(`${folder}/${name}`).catch(() => undefined)),
  );
  const [files] = lists;
  return {
    loaded: new Set(loaded),
    available: files === undefined ? undefined : new Set(lists.flatMap(text => moduleNames(text ?? ''))),
  };
}

/** Returns the modules of a list of files: `kernel/net/netfilter/ipvs/ip_vs.ko.xz: …`. */
const moduleNames = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:[^:\n]*\/)?([^/:\n]+)\.ko\b/gm)].map(([, name = '']) => name.replaceAll('-', '_'));

/** Further parameters that decide about packets of Services. */
const furtherNames = [
  'net/ipv6/conf/all/forwarding',
  'net/bridge/bridge-nf-call-iptables',
  'net/bridge/bridge-nf-call-ip6tables',
  'net/netfilter/nf_conntrack_count',
  'kernel/modules_disabled',
] as const;

/** Reads the kernel parameters that the checks need. */
export async function readParameters(node: NodeAccess): Promise<Parameters> {
  const values = new Map<string, string>();
  for (const name of [...ownSysctlNames, ...furtherNames]) {
    const value = await node.readFile(`/proc/sys/${name}`).catch(() => undefined);
    if (value !== undefined) values.set(name, value.trim());
  }
  return { values, areReadOnly: isReadOnlyMount(await node.readFile('/proc/self/mounts').catch(() => undefined)) };
}

/** The last mount on a folder is the one that counts. */
function isReadOnlyMount(mounts = ''): boolean {
  const options = mounts.split('\n').flatMap(line => {
    const [, folder, , words = ''] = line.split(' ');
    return folder === '/proc/sys' || folder === '/proc' ? [words] : [];
  });
  return options.at(-1)?.split(',').includes('ro') ?? false;
}

/** Reads the node's network devices. */
export const readDevices = (node: NodeAccess): Promise<Fact<readonly Device[]>> =>
  factOf(async () => {
    const command = { argv: ['ip', '-d', '-j', 'addr', 'show'] };
    const text = await outputOf(node, command);
    return understood(command.argv, () => devicesIn(JSON.parse(text === '' ? '[]' : text)));
  });

interface PrintedDevice {
  readonly ifname?: unknown;
  readonly linkinfo?: { readonly info_kind?: unknown };
}

function devicesIn(list: unknown): readonly Device[] {
  if (!Array.isArray(list)) throw new SyntaxError('it is not a list');
  return list.flatMap((one: PrintedDevice | null) => {
    if (typeof one?.ifname !== 'string') return [];
    const type = one.linkinfo?.info_kind;
    return [{ name: one.ifname, type: typeof type === 'string' ? type : undefined }];
  });
}

/** Reads what this process may do. */
export const readCapabilities = async (node: NodeAccess): Promise<Fact<bigint>> => {
  const status = await node.readFile('/proc/self/status').catch(() => undefined);
  const digits = /^CapEff:\s*([\da-f]+)$/m.exec(status ?? '')?.[1];
  return digits === undefined
    ? unread('/proc/self/status does not tell')
    : { is: 'read', value: BigInt(`0x${digits}`) };
};
