import { KproxyError } from '../../errors.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { machines, type Worker, workers } from '../machines.js';
import type { WorkerTexts } from '../observe/worker-texts.js';
import { observerPath } from './guest/paths.js';
import { withReadiness } from './pod-readiness.js';
import type { PlainObject, RawObservation } from './raw-observation.js';

const timeoutMilliseconds = 20_000;

/**
 * Reads the kernels of the workers and the cluster.
 * @throws KproxyError sandbox-failed if a tool fails
 */
export async function observeMachines(sandbox: Sandbox): Promise<RawObservation> {
  const { exitCode, stdout, stderr, timedOut } = await sandbox.run(['perl', observerPath, ...workers], {
    timeoutMilliseconds,
  });
  if (exitCode === 0) return parseReport(stdout);
  throw new KproxyError({
    message: "the kernels of the lesson's machines could not be read",
    code: 'sandbox-failed',
    evidence: timedOut ? `It did not end within ${timeoutMilliseconds / 1_000} s.` : stderr.trim(),
  });
}

/** Parses what the observer prints: names and texts in turn, each with a NUL behind it. */
export function parseReport(report: string): RawObservation {
  const words = report.split('\0');
  const texts = new Map<string, string>();
  for (let index = 0; index + 1 < words.length; index += 2) texts.set(words[index] ?? '', words[index + 1] ?? '');
  return {
    workers: { inajob: workerTexts('inajob', texts), yuanying: workerTexts('yuanying', texts) },
    objects: Object.fromEntries(namesWith('object', texts).flatMap(name => objectEntry(name, texts))),
    rootShells: machines.filter(machine => texts.has(`root-shell ${machine}`)),
  };
}

type Texts = ReadonlyMap<string, string>;

function workerTexts(worker: Worker, texts: Texts): WorkerTexts {
  const text = (name: keyof WorkerTexts) => texts.get(`worker ${worker} ${name}`) ?? '';
  return {
    ipset: text('ipset'),
    iptables: text('iptables'),
    addresses: text('addresses'),
    ipVs: text('ipVs'),
    stats: text('stats'),
    sysctls: text('sysctls'),
  };
}

const namesWith = (kind: string, texts: Texts): readonly string[] =>
  [...texts.keys()].filter(key => key.startsWith(`${kind} `)).map(key => key.slice(kind.length + 1));

/** Returns the object of the file `KIND.NAME` by `KIND/NAME`, or nothing if the learner has damaged the file. */
function objectEntry(file: string, texts: Texts): readonly [] | readonly [readonly [string, PlainObject]] {
  const object = parsedObject(texts.get(`object ${file}`) ?? '');
  if (object === undefined) return [];
  const server = file.startsWith('pod.') ? texts.get(`server ${file.slice('pod.'.length)}`) : undefined;
  return [[file.replace('.', '/'), server === undefined ? object : withReadiness(object, server === 'running')]];
}

function parsedObject(text: string): PlainObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as PlainObject) : undefined;
  } catch {
    return undefined;
  }
}
