import type { PlainObject } from '../../plain-object.js';
import type { Movement, ObjectsAnswer } from '../observed.js';
import { type Aspects, aspectsOf } from './aspects.js';
import { added, between, keysOf, removed } from './lines.js';

/** Returns what moved in the objects of the cluster. */
export const movedObjects = (before: ObjectsAnswer, after: ObjectsAnswer): readonly Movement[] =>
  [...keysOf(before, after)].sort().flatMap(name => movedObject(name, before.get(name), after.get(name)));

function movedObject(name: string, before?: PlainObject, after?: PlainObject): readonly Movement[] {
  const kind = name.split('/', 1)[0] ?? '';
  const [one, other] = [before && aspectsOf(kind, before), after && aspectsOf(kind, after)];
  if (one === undefined) return other === undefined ? [] : [added(name, summary(other))];
  if (other === undefined) return [removed(name, summary(one))];
  return keysOf(one, other).flatMap(aspect => between(whereOf(name, aspect), one.get(aspect), other.get(aspect)));
}

const whereOf = (name: string, aspect: string): string => (aspect === '' ? name : `${name} ${aspect}`);

/** Returns `labels app=web, ready True, IP 10.244.2.2`. */
const summary = (aspects: Aspects): string =>
  [...aspects].map(([aspect, text]) => (aspect === '' ? text : `${aspect} ${text}`)).join(', ');
