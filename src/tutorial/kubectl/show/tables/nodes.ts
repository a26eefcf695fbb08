import { fieldOf, type KubeObject, listOf } from '../../objects/object.js';
import { ageColumn, type Column } from './column.js';

const none = '<none>';
const unknown = '<unknown>';

/** Returns what the node says of its own software. */
const info = (node: KubeObject, field: string): string => String(fieldOf(node, 'status', 'nodeInfo', field) || unknown);

export const nodeColumns: readonly Column[] = [
  { header: 'STATUS', cell: statusText },
  { header: 'ROLES', cell: node => rolesText(node) },
  ageColumn,
  { header: 'VERSION', cell: node => String(fieldOf(node, 'status', 'nodeInfo', 'kubeletVersion') ?? '') },
  { header: 'INTERNAL-IP', cell: node => addressOf(node, 'InternalIP'), isWide: true },
  { header: 'EXTERNAL-IP', cell: node => addressOf(node, 'ExternalIP'), isWide: true },
  { header: 'OS-IMAGE', cell: node => info(node, 'osImage'), isWide: true },
  { header: 'KERNEL-VERSION', cell: node => info(node, 'kernelVersion'), isWide: true },
  { header: 'CONTAINER-RUNTIME', cell: node => info(node, 'containerRuntimeVersion'), isWide: true },
];

function statusText(node: KubeObject): string {
  const ready = listOf(node.status?.conditions).find(condition => fieldOf(condition, 'type') === 'Ready');
  const text = ready === undefined ? 'Unknown' : fieldOf(ready, 'status') === 'True' ? 'Ready' : 'NotReady';
  return node.spec?.unschedulable === true ? `${text},SchedulingDisabled` : text;
}

const rolePrefix = 'node-role.kubernetes.io/';

export const rolesText = ({ metadata }: KubeObject): string =>
  Object.keys(metadata.labels ?? {})
    .filter(label => label.startsWith(rolePrefix))
    .map(label => label.slice(rolePrefix.length))
    .sort()
    .join(',') || none;

function addressOf(node: KubeObject, type: string): string {
  const found = listOf(node.status?.addresses).find(address => fieldOf(address, 'type') === type);
  return String(fieldOf(found, 'address') ?? none);
}
