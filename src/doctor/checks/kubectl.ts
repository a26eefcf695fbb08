import type { Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { kubectlCommand } from '../fixes/install.js';
import type { DoctorCheck } from './check.js';
import { isOlder, numberIn } from './tools.js';

export const kubectl: DoctorCheck = { name: 'kubectl', judge };

function judge(facts: Facts): readonly Judgement[] {
  const { kubectl: client, isKubectlMissing, server } = facts.cluster;
  const serverVersion = server.is === 'read' ? server.value.version : undefined;
  if (isKubectlMissing)
    return [
      problem({
        what: 'kubectl is not installed',
        why: 'kproxy reads the cluster with it.',
        fix: kubectlCommand(facts.machine, undefined),
      }),
    ];
  if (client.is === 'unread')
    return [
      problem({
        what: `kubectl does not tell its version: ${client.why}`,
        why: 'kproxy reads the cluster with it.',
        fix: kubectlCommand(facts.machine, undefined),
      }),
    ];
  return [skew(client.value, serverVersion, facts)];
}

/** The API server's version without what a distributor adds, as the releases are called. */
const releaseOf = (version: string): string | undefined => /^v\d+\.\d+\.\d+/.exec(version)?.[0];

/** Kubernetes supports a kubectl that is one minor version older or newer than the API server. */
function skew(client: string, server: string | undefined, { machine }: Facts): Judgement {
  const [one, other] = [client, server ?? ''].map(text => numberIn(text)?.parts);
  if (one === undefined || other === undefined) return ok(`kubectl ${client}`);
  const distance = one[0] === other[0] ? Math.abs((one[1] ?? 0) - (other[1] ?? 0)) : Number.POSITIVE_INFINITY;
  if (distance <= 1) return ok(`kubectl ${client} fits the API server ${server}`);
  const age = isOlder(one, other) ? 'older' : 'newer';
  return advice({
    what: `kubectl ${client} is ${age} than the API server ${server} by more than one minor version`,
    why: 'Kubernetes supports one minor version of difference.',
    fix: kubectlCommand(machine, releaseOf(server ?? '')),
  });
}
