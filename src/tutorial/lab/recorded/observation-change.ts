import { isDeepStrictEqual } from 'node:util';
import { type Worker, workers } from '../../machines.js';
import type { WorkerTexts } from '../../observe/worker-texts.js';
import type { RawObservation } from '../raw-observation.js';
import { changedLines, lineChanges } from './line-changes.js';
import type { ObservationChange, WorkerChange } from './recording.js';

const textNames = [
  'ipset',
  'iptables',
  'addresses',
  'ipVs',
  'stats',
  'sysctls',
] as const satisfies readonly (keyof WorkerTexts)[];

/** Returns what differs between two observations, without what is the same in both. */
export function observationChange(before: RawObservation, after: RawObservation): ObservationChange {
  const changed = workers
    .map(worker => [worker, workerChange(before.workers[worker], after.workers[worker])] as const)
    .filter(([, change]) => Object.keys(change).length > 0);
  const objects = objectChanges(before, after);
  return {
    ...(changed.length > 0 && { workers: Object.fromEntries(changed) }),
    ...(Object.keys(objects).length > 0 && { objects }),
    ...(!isDeepStrictEqual(before.rootShells, after.rootShells) && { rootShells: after.rootShells }),
  };
}

/** Returns the observation that `observationChange` was given as `after`. */
export function changedObservation(before: RawObservation, change: ObservationChange): RawObservation {
  const worker = (name: Worker) => changedTexts(before.workers[name], change.workers?.[name] ?? {});
  const objects = Object.entries({ ...before.objects, ...change.objects });
  return {
    workers: { inajob: worker('inajob'), yuanying: worker('yuanying') },
    objects: Object.fromEntries(objects.flatMap(([name, object]) => (object === null ? [] : [[name, object]]))),
    rootShells: change.rootShells ?? before.rootShells,
  };
}

function workerChange(before: WorkerTexts, after: WorkerTexts): WorkerChange {
  const differing = textNames.filter(name => before[name] !== after[name]);
  return Object.fromEntries(differing.map(name => [name, lineChanges(before[name], after[name])]));
}

function changedTexts(before: WorkerTexts, change: WorkerChange): WorkerTexts {
  const changed = textNames.flatMap(name => {
    const lines = change[name];
    return lines === undefined ? [] : [[name, changedLines(before[name], lines)]];
  });
  return { ...before, ...Object.fromEntries(changed) };
}

function objectChanges(before: RawObservation, after: RawObservation): NonNullable<ObservationChange['objects']> {
  const names = [...new Set([...Object.keys(before.objects), ...Object.keys(after.objects)])];
  const differing = names.filter(name => !isDeepStrictEqual(before.objects[name], after.objects[name]));
  return Object.fromEntries(differing.map(name => [name, after.objects[name] ?? null]));
}
