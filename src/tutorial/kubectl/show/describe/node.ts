import { fieldOf, type KubeObject, listOf } from '../../objects/object.js';
import { ageText } from '../age.js';
import { rolesText } from '../tables/nodes.js';
import { annotationLines, pairLines, textAt } from './lines.js';

/** @param pods the Pods of the cluster */
export function nodeLines(node: KubeObject, pods: readonly KubeObject[], now: Date): readonly string[] {
  const { metadata, spec, status } = node;
  const own = pods.filter(pod => pod.spec?.nodeName === metadata.name);
  return [
    `Name:\t${metadata.name}`,
    `Roles:\t${rolesText(node)}`,
    ...pairLines('Labels', metadata.labels, '='),
    ...annotationLines(metadata.annotations),
    'Addresses:',
    ...listOf(status?.addresses).map(address => `  ${fieldOf(address, 'type')}:\t${fieldOf(address, 'address')}`),
    `PodCIDR:\t${textAt(spec, 'podCIDR')}`,
    `Non-terminated Pods:\t(${own.length} in total)`,
    '  Namespace\tName\tAge',
    '  ---------\t----\t---',
    ...own.map(
      pod => `  ${pod.metadata.namespace}\t${pod.metadata.name}\t${ageText(pod.metadata.creationTimestamp, now)}`,
    ),
    'Events:\t<none>',
  ];
}
