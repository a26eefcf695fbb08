import type { NodeAccess } from './access.js';
import type { Change } from './change.js';
import { type ElementLookup, elementsOf } from './state.js';

/**
 * An address from TEST-NET-2, which no Service and no other software has. kube-proxy tries its scheduler there too
 * (kubernetes/kubernetes#114878).
 */
const unusedServer = '-t 198.51.100.0:20000';

/**
 * Returns those of the schedulers that the kernel does not have. A scheduler is known if a virtual server
 * uses it, or if its module is loaded. Any other one is tried on a virtual server that is removed at once, which also
 * loads the module: no file says which schedulers are built into the kernel.
 */
export async function missingSchedulers(
  node: NodeAccess,
  needed: readonly string[],
  actual: ElementLookup,
): Promise<ReadonlySet<string>> {
  if (needed.length === 0) return new Set();
  const present = new Set(elementsOf(actual, 'virtual-server').map(({ scheduler }) => scheduler));
  const modules = (await node.readFile('/proc/modules')) ?? '';
  const unknown = needed.filter(name => !present.has(name) && !modules.includes(`ip_vs_${name} `));
  return missingOf(node, unknown);
}

/**
 * Tries schedulers and returns those that the kernel does not have. Names that are all known, or all unknown, take one
 * process, because each Service may ask for another one.
 */
export async function missingOf(node: NodeAccess, schedulers: Iterable<string>): Promise<ReadonlySet<string>> {
  const names = [...schedulers];
  if (names.length === 0) return new Set();
  const input = names.map(name => `-A ${unusedServer} -s ${name}\n-D ${unusedServer}\n`).join('');
  const { stderr } = await node.run({ argv: ['ipvsadm', '--restore'], input });
  // Any other failure is not the scheduler's, and shows again when the virtual servers are added.
  const failures = stderr.match(/scheduler/gi)?.length ?? 0;
  if (failures === 0) return new Set();
  if (failures === names.length || names.length === 1) return new Set(names);
  const middle = Math.ceil(names.length / 2);
  return new Set([...(await missingOf(node, names.slice(0, middle))), ...(await missingOf(node, names.slice(middle)))]);
}

/** Returns the schedulers of the virtual servers that a plan adds or changes. */
export function schedulersIn(plan: readonly Change[]): ReadonlySet<string> {
  const names = new Set<string>();
  for (const change of plan)
    if (change.verb !== 'remove' && change.after.kind === 'virtual-server') names.add(change.after.scheduler);
  return names;
}
