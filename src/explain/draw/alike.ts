import type { Branch, Step, Trace } from '../trace/trace.js';

/**
 * Groups branches whose packets are treated alike, in order: backends at the same kind of place, with the same steps,
 * rules, verdict and source seen. Only addresses of backends and of the next hop differ within a group. Branches that
 * are no choice of a backend are groups of their own.
 */
export function alikeBranches(branches: readonly Branch[]): readonly (readonly [Branch, ...Branch[]])[] {
  const groups = new Map<string, [Branch, ...Branch[]]>();
  for (const branch of branches) {
    const key = branch.backend === undefined ? branch.label : `${branch.backend.place} ${shapeOf(branch.trace)}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [branch]);
    else group.push(branch);
  }
  return [...groups.values()];
}

function shapeOf({ steps, end }: Trace): string {
  const last =
    end.kind === 'end'
      ? [end.verdict, end.clientSees, end.seenSource, end.blame?.part]
      : [end.by, ...end.branches.map(({ label, trace }) => [label, shapeOf(trace)])];
  return JSON.stringify([steps.map(stepShape), last]);
}

function stepShape(step: Step): readonly unknown[] {
  const common = [step.kind, step.way];
  if (step.kind === 'arrival') return [...common, step.device, step.bridgePort];
  if (step.kind === 'routing') return [...common, step.isLocal, step.device, step.gateway === undefined];
  if (step.kind === 'ipvs') return [...common, step.does];
  if (step.kind === 'delivery') return [...common, step.to];
  if (step.kind === 'conntrack') return common;
  const rules = step.rules.map(({ chain, number, matched, effect }) => [chain, number, matched, effect]);
  return [...common, step.hook, step.table, step.result, step.markAfter, rules];
}
