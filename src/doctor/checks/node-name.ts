import { quoteWord } from '../../script/quote.js';
import { similarNodes, unknownNode } from '../../sync/node-name.js';
import type { Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import type { DoctorCheck } from './check.js';

export const nodeName: DoctorCheck = { name: 'node', judge };

function judge({ cluster: { server, node } }: Facts): readonly Judgement[] {
  if (server.is === 'unread') return [];
  if (node.is === 'unread')
    return [
      advice({
        what: `the Nodes cannot be read: ${node.why}`,
        why: 'Whether the cluster knows this node by its name was not checked.',
        fix: 'kubectl get nodes',
      }),
    ];
  const { name, isKnown, known } = node.value;
  if (isKnown) return [ok(`the cluster knows this node as ${name}`)];
  if (known.count === 0)
    return [
      advice({
        what: 'the cluster has no Nodes',
        why: 'No endpoint counts as local.',
        fix: 'kubectl get nodes',
      }),
    ];
  const [similar, ...others] = similarNodes(name, known.names);
  return [
    problem({
      what: unknownNode(name, known).message,
      why: 'Without the right name no endpoint counts as local, and `externalTrafficPolicy: Local` drops everything.',
      fix:
        similar === undefined || others.length > 0
          ? 'kubectl get nodes -o wide'
          : `kproxy doctor --node ${quoteWord(similar)}`,
    }),
  ];
}
