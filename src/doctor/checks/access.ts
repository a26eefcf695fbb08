import { quoteWord } from '../../script/quote.js';
import { listText } from '../../text.js';
import type { AccessFact, Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { neededAccess } from '../needed-access.js';
import type { DoctorCheck } from './check.js';

export const access: DoctorCheck = { name: 'access', judge };

function judge({ cluster: { server, access: answers, user } }: Facts): readonly Judgement[] {
  if (server.is === 'unread') return [];
  if (answers.is === 'unread')
    return [
      advice({
        what: `the API server does not tell what these credentials may do: ${answers.why}`,
        why: 'kproxy lists and watches Services, EndpointSlices and Nodes.',
        fix: 'kubectl auth can-i --list',
      }),
    ];
  const optional = new Set(neededAccess.flatMap(({ isOptional, resource }) => (isOptional ? [resource] : [])));
  const isOptional = ({ resource }: AccessFact): boolean => optional.has(resource.split('.')[0] ?? '');
  const missing = answers.value.filter(({ isAllowed }) => !isAllowed);
  const fix = bindCommand(user.is === 'read' ? user.value : undefined);
  const [allowed] = [answers.value.filter(({ isAllowed }) => isAllowed)];
  return [
    ...missingRights(
      missing.filter(one => !isOptional(one)),
      fix,
    ),
    ...optionalRights(missing.filter(isOptional), fix),
    ...(allowed.length === 0 ? [] : [ok(`these credentials may ${rightsText(allowed)}`)]),
  ];
}

const missingRights = (missing: readonly AccessFact[], fix: string): readonly Judgement[] =>
  missing.length === 0
    ? []
    : [
        problem({
          what: `these credentials may not ${rightsText(missing)}`,
          why: "Without it kproxy cannot follow the cluster. The command needs an administrator's credentials.",
          fix,
        }),
      ];

const optionalRights = (missing: readonly AccessFact[], fix: string): readonly Judgement[] =>
  missing.length === 0
    ? []
    : [
        advice({
          what: `these credentials may not ${rightsText(missing)}`,
          why:
            'kproxy works without it, but reads no Endpoints objects, or writes no Events. The command needs an ' +
            "administrator's credentials.",
          fix,
        }),
      ];

/** Returns `list and watch services and nodes; create events.events.k8s.io`. */
function rightsText(facts: readonly AccessFact[]): string {
  const verbs = new Map<string, string[]>();
  for (const { verb, resource } of facts) verbs.set(resource, [...(verbs.get(resource) ?? []), verb]);
  const resources = new Map<string, string[]>();
  for (const [resource, names] of verbs) {
    const words = listText(names, 'and');
    resources.set(words, [...(resources.get(words) ?? []), resource]);
  }
  return [...resources].map(([words, names]) => `${words} ${listText(names, 'and')}`).join('; ');
}

/** The ClusterRole that every cluster has for kube-proxy allows everything that kproxy needs. */
function bindCommand(user: string | undefined): string {
  if (user === undefined) return 'kubectl describe clusterrole system:node-proxier';
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  const subject = name === undefined ? `--user=${user}` : `--serviceaccount=${namespace}:${name}`;
  return `kubectl create clusterrolebinding kproxy --clusterrole=system:node-proxier ${quoteWord(subject)}`;
}
