import type { Remark } from '../../cluster/remark.js';
import type { Desired } from '../../proxy/desired.js';
import type { Conflict } from '../../proxy/ledger.js';
import { outranks, whyOutranked } from '../../proxy/precedence.js';

/** Returns what Services want and cannot have or should not have, and what the node refuses that belongs to none. */
export function serviceRemarks({ conflicts, warnings, problems, serviceProblems }: Desired): readonly Remark[] {
  const ofServices = [...warnings, ...serviceProblems].map(([service, lines]) =>
    lines.map(line => serviceRemark(service, line)),
  );
  const known = new Set([...serviceProblems.values()].flat());
  return [
    ...conflicts.map(conflict => serviceRemark(serviceOf(conflict.servicePort), conflictLine(conflict))),
    ...ofServices.flat(),
    ...problems.filter(line => !known.has(line)).map(line => ({ about: line, namespace: '', line })),
  ];
}

const serviceRemark = (service: string, line: string): Remark => ({
  about: `Service ${service}`,
  namespace: service.split('/', 1)[0] ?? '',
  line,
});

/** `shop/web:http` is a port of `shop/web`. */
const serviceOf = (servicePort: string): string => servicePort.split(':', 1)[0] ?? '';

/** Says whose an address and port is, and by which of the two rules. */
function conflictLine({ servicePort, title, owner, ownerTitle, virtualServer }: Conflict): string {
  const why = outranks(ownerTitle, title) ? whyOutranked(ownerTitle, title) : 'which is older';
  const where = virtualServer.replace('virtual-server ', '');
  return `${servicePort}: ${where} belongs to ${owner}, ${why}, and stays with it`;
}
