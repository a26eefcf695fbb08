import { workers } from '../../machines.js';
import type { WorkerTexts } from '../../observe/worker-texts.js';
import type { PlainObject } from '../../plain-object.js';
import type { RawObservation } from '../raw-observation.js';

/** Returns an observation without what is different each time that the lesson is recorded. */
export function normalObservation({ workers: texts, objects, rootShells }: RawObservation): RawObservation {
  const [inajob, yuanying] = workers.map(worker => normalTexts(texts[worker]));
  return {
    workers: { inajob: inajob as WorkerTexts, yuanying: yuanying as WorkerTexts },
    objects: Object.fromEntries(Object.entries(objects).map(([name, object]) => [name, normalObject(object)])),
    rootShells,
  };
}

const normalTexts = ({ ipset, iptables, addresses, stats, ...texts }: WorkerTexts): WorkerTexts => ({
  ...texts,
  ipset: sortedRuns(withoutSeed(ipset), /^add /),
  iptables: iptables
    // When they were printed.
    .replace(/^#.*\n/gm, '')
    // All packets of a machine count for the policies, those of the network itself included.
    .replace(/^(:\S+ \S+) \[\d+:\d+\]$/gm, '$1 [0:0]'),
  addresses: normalAddresses(addresses),
  // The connections of a real server are counted alike each time, its packets and bytes are not.
  stats: stats.replace(/^((?:TCP|UDP| {2}->) +\S+ +\d+) .*$/gm, '$1 0 0 0 0'),
});

/** Fields of a device that stay. Hardware addresses, timers of a bridge and so on differ each time. */
const ofADevice = ['ifindex', 'ifname', 'flags', 'mtu', 'operstate', 'master', 'link_type'];

/** Keeps of each device what its answer is made of, one device a line. */
const normalAddresses = (text: string): string =>
  `[${(JSON.parse(text) as readonly PlainObject[]).map(device => JSON.stringify(normalDevice(device))).join(',\n')}]\n`;

function normalDevice(device: PlainObject): PlainObject {
  const { info_kind, info_slave_kind } = (device.linkinfo ?? {}) as PlainObject;
  const addresses = (device.addr_info ?? []) as readonly PlainObject[];
  return {
    ...Object.fromEntries(ofADevice.flatMap(name => (name in device ? [[name, device[name]]] : []))),
    ...(device.linkinfo !== undefined && { linkinfo: { info_kind, info_slave_kind } }),
    // The kernel makes those of a link from its hardware address, some time after the device is up.
    addr_info: addresses.filter(({ scope }) => scope !== 'link'),
  };
}

const oneTime = '2025-01-01T00:00:00Z';
const oneUid = '00000000-0000-4000-8000-000000000000';

function normalObject(object: PlainObject): PlainObject {
  return JSON.parse(normalTimes(JSON.stringify(object)));
}

const normalTimes = (text: string): string =>
  text
    .replace(/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, oneTime)
    .replace(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, oneUid);

const withoutSeed = (text: string): string => text.replace(/\binitval 0x[0-9a-f]+/g, 'initval 0x00000000');

/** Sorts lines that match and follow each other. The kernel lists the entries of a set in the order of their hashes. */
function sortedRuns(text: string, pattern: RegExp): string {
  const sorted: string[] = [];
  let run: string[] = [];
  for (const line of text.split('\n')) {
    if (pattern.test(line)) run.push(line);
    else {
      sorted.push(...run.sort(), line);
      run = [];
    }
  }
  return [...sorted, ...run.sort()].join('\n');
}

/** Returns an output without times, durations and random numbers. The columns of a table stay where they are. */
export const normalOutput = (output: string): string =>
  sortedRuns(withoutSeed(normalTimes(output)), /^\d+(?:\.\d+){3}(?:,\S+)*$/)
    // What `time` prints.
    .replace(/^((?:real|user|sys)\t)\d+m\d+\.\d+s$/gm, '$10m0.900s')
    .replace(/\bafter 1\d{3} milliseconds\b/g, 'after 1001 milliseconds')
    .replace(/\b\d+ ms\b/g, '9 ms')
    .replace(/\b\d+\.\d+ s\b/g, '0.9 s')
    // The age of what a learner has created just now.
    .replace(/(?<= )(?:\d{1,2}m)?\d{1,3}[sm]$/gm, '9s')
    .replace(/(?<= )\d{1,3}s(?= )/g, age => '9s'.padEnd(age.length));
