import type { Facts } from '../facts.js';
import { type Judgement, ok, problem } from '../finding.js';
import type { DoctorCheck } from './check.js';
import { isOlder, numberIn } from './tools.js';

export const cluster: DoctorCheck = { name: 'cluster', judge };

const oldest = [1, 21];

function judge({ cluster: { server, isKubectlMissing } }: Facts): readonly Judgement[] {
  if (isKubectlMissing) return [];
  if (server.is === 'unread')
    return [
      problem({
        what: `the API server does not answer: ${server.why}`,
        why: server.advice ?? 'kproxy reads Services and endpoints from there, or from files with --from.',
        fix: 'kubectl cluster-info',
      }),
    ];
  const { version } = server.value;
  const { parts } = numberIn(version) ?? { parts: oldest };
  if (!isOlder(parts, oldest)) return [ok(`the API server answers: Kubernetes ${version}`)];
  return [
    problem({
      what: `the cluster has Kubernetes ${version}`,
      why: 'kproxy needs 1.21 or newer, which has EndpointSlices in discovery.k8s.io/v1.',
      fix: 'kubeadm upgrade plan',
    }),
  ];
}
