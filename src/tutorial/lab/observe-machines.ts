import { KproxyError } from '../../errors.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { machines } from '../machines.js';
import type { WorkerTexts } from '../observe/worker-texts.js';
import { type PlainObject, parsedObject } from '../plain-object.js';
import { observerPath } from './guest/paths.js';
import { withReadiness } from './pod-readiness.js';
import type { RawObservation } from './raw-observation.js';

const timeoutMilliseconds = 20_000;

/**
 * Reads the kernels of the workers and the cluster.
 * @param yuanying the texts of this worker if they are known
 * @throws KproxyError sandbox-failed if a tool fails
 */
export async function observeMachines(sandbox: Sandbox, yuanying?: WorkerTexts): Promise<RawObservation> {
  const without = yuanying === undefined ? [] : ['without-yuanying'];
  const { exitCode, stdout, stderr, timedOut } = await sandbox.run(['sh', observerPath, ...without], {
    namespace: 'inajob',
    timeoutMilliseconds,
  });
  if (exitCode === 0) return parseReport(stdout, yuanying);
  throw new KproxyError({
    message: "the kernels of the lesson's machines could not be read",
    code: 'sandbox-failed',
    evidence: timedOut ? `It did not end within ${timeoutMilliseconds / 1_000} s.` : stderr.trim(),
  });
}

/** Parses what the observer prints. */
export function parseReport(report: string, yuanying?: WorkerTexts): RawObservation {
  const parts = report.split('\0');
  const ofYuanying = yuanying === undefined ? textsOfWorker : 0;
  const [files = '', running = '', ended = '', rootShells = ''] = parts.slice(textsOfWorker + ofYuanying);
  const servers = new Map([
    ...words(running).map(name => [name, true] as const),
    ...words(ended).map(name => [name, false] as const),
  ]);
  return {
    workers: { inajob: workerTexts(parts), yuanying: yuanying ?? workerTexts(parts.slice(textsOfWorker)) },
    objects: Object.fromEntries([...textsByFile(files)].flatMap(([file, text]) => objectEntry(file, text, servers))),
    rootShells: machines.filter(machine => words(rootShells).includes(machine)),
  };
}

const textsOfWorker = 6;

function workerTexts(parts: readonly string[]): WorkerTexts {
  const [ipset = '', iptables = '', addresses = '', ipVs = '', stats = '', sysctls = ''] = parts;
  return {
    ipset,
    iptables,
    addresses,
    ipVs: ipVs === '' ? '' : `${ipVs}\n`,
    stats,
    sysctls: sysctls.replace(/^([^:\n]+):/gm, '$1='),
  };
}

const words = (text: string): readonly string[] => text.split(' ').filter(Boolean);

/** Collects lines `FILE:LINE` by file. */
function textsByFile(lines: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [, file = '', line = ''] of lines.matchAll(/^([^:\n]+):(.*)$/gm))
    texts.set(file, `${texts.get(file) ?? ''}${line}\n`);
  return texts;
}

/** Returns the object of the file `KIND.NAME.json` by `KIND/NAME`, or nothing if the learner has damaged the file. */
function objectEntry(
  file: string,
  text: string,
  servers: ReadonlyMap<string, boolean>,
): readonly [] | readonly [readonly [string, PlainObject]] {
  const object = parsedObject(text);
  if (object === undefined) return [];
  const [, kind = '', name = ''] = /^([^.]*)\.(.*)\.json$/.exec(file) ?? [];
  const isRunning = kind === 'pod' ? servers.get(name) : undefined;
  return [[`${kind}/${name}`, isRunning === undefined ? object : withReadiness(object, isRunning)]];
}
