import type { NodeAccess } from './access.js';
import type { Element } from './element.js';
import type { LimitFacts } from './facts.js';
import { machineNames } from './names.js';
import { outputOf, understood } from './reading.js';
import { parseTimeouts } from './tools/ipvsadm-timeouts.js';

const timeoutCommand = ['ipvsadm', '-L', '--timeout'];

/**
 * Reads the timeouts of IPVS. Only ipvsadm shows them. It would load ip_vs, so a kernel without it is not asked.
 * @param isLoaded whether the kernel has loaded ip_vs
 * @throws KproxyError if the tool fails
 */
export async function readTimeouts(node: NodeAccess, isLoaded: boolean): Promise<readonly Element[]> {
  if (!isLoaded) return [];
  const text = await outputOf(node, { argv: timeoutCommand });
  return [understood(timeoutCommand, () => parseTimeouts(text))];
}

/** Reads what the limits of connections depend on. */
export const readLimitFacts = async (node: NodeAccess): Promise<LimitFacts> => ({
  processors: processorCount((await node.readFile('/sys/devices/system/cpu/online')) ?? ''),
  readOnly: (await Promise.all(machineNames.map(name => readOnlyName(node, name)))).flat(),
});

const readOnlyName = async (node: NodeAccess, name: string): Promise<readonly string[]> =>
  (await node.isReadOnly?.(`/proc/sys/${name}`)) === true ? [name] : [];

/**
 * Returns how many processors a list of the kernel names (`0-3,8`), or undefined if the text is no such list. Of all
 * processors of the machine, as kube-proxy counts them: a process may be confined to fewer.
 */
export function processorCount(text: string): number | undefined {
  const ranges = text.trim().split(',');
  let count = 0;
  for (const range of ranges) {
    const [, first, last = first] = /^(\d+)(?:-(\d+))?$/.exec(range) ?? [];
    if (first === undefined) return undefined;
    count += Number(last) - Number(first) + 1;
  }
  return count;
}
