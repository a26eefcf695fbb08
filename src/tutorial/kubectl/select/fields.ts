import type { Kind } from '../objects/kinds.js';
import { fieldOf, type KubeObject } from '../objects/object.js';
import { SelectorError } from './labels.js';

/** The fields beside the name and the namespace by which the API server selects. */
const supported: Readonly<Partial<Record<Kind['name'], readonly string[]>>> = {
  Pod: ['spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'status.phase', 'status.podIP'],
  Service: ['spec.clusterIP', 'spec.type'],
  Node: ['spec.unschedulable'],
  Namespace: ['status.phase'],
};

/**
 * Parses a field selector: `metadata.name=web-service`, `status.phase!=Running`, with commas between them.
 * @throws SelectorError
 */
export function parseFieldSelector(text: string, kind: Kind): (object: KubeObject) => boolean {
  const terms = text.split(',').filter(term => term !== '');
  const tests = terms.map(term => parseTerm(term, text, kind));
  return object => tests.every(test => test(object));
}

function parseTerm(term: string, whole: string, { name: kind, isNamespaced }: Kind): (object: KubeObject) => boolean {
  const [, field, operator, value] = /^([^=!]*)(!=|==|=)(.*)$/.exec(term) ?? [];
  if (field === undefined) throw new SelectorError(`invalid selector: '${whole}'; can't understand '${term}'`);
  const fields = ['metadata.name', ...(isNamespaced ? ['metadata.namespace'] : []), ...(supported[kind] ?? [])];
  if (!fields.includes(field)) throw new SelectorError(`field label not supported: ${field}`);
  return object => (String(fieldOf(object, ...field.split('.')) ?? '') === value) !== (operator === '!=');
}
