import { KproxyError } from '../../errors.js';
import type { Sandbox } from '../../sandbox/sandbox.js';
import { machines } from '../machines.js';
import type { WorkerTexts } from '../observe/worker-texts.js';
import { type PlainObject, parsedObject } from '../plain-object.js';
import { sysctlFolder, virtualServersPath } from './guest/observer-script.js';
import { guestPaths, observerPath } from './guest/paths.js';
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
  const ofYuanying = yuanying === undefined ? partsOfWorker : 0;
  const [running = '', ended = '', rootShells = ''] = parts.slice(partsOfWorker + ofYuanying);
  const servers = new Map([
    ...words(running).map(name => [name, true] as const),
    ...words(ended).map(name => [name, false] as const),
  ]);
  const inajob = workerAnswer(parts);
  const objects = textsBelow(guestPaths.cluster, inajob.files);
  return {
    workers: { inajob: inajob.texts, yuanying: yuanying ?? workerAnswer(parts.slice(partsOfWorker)).texts },
    objects: Object.fromEntries(objects.flatMap(([file, text]) => objectEntry(file, text, servers))),
    rootShells: machines.filter(machine => words(rootShells).includes(machine)),
  };
}

const partsOfWorker = 5;

interface WorkerAnswer {
  readonly texts: WorkerTexts;
  /** By path. */
  readonly files: ReadonlyMap<string, string>;
}

function workerAnswer(parts: readonly string[]): WorkerAnswer {
  const [ipset = '', iptables = '', addresses = '', stats = '', lines = ''] = parts;
  const files = textsByFile(lines);
  const sysctls = textsBelow(sysctlFolder, files).map(([name, value]) => `${name}=${value}`);
  const ipVs = files.get(virtualServersPath) ?? '';
  return { texts: { ipset, iptables, addresses, ipVs, stats, sysctls: sysctls.join('') }, files };
}

const words = (text: string): readonly string[] => text.split(' ').filter(Boolean);

/** Collects lines `FILE:LINE` by file. */
function textsByFile(lines: string): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  for (const [, file = '', line = ''] of lines.matchAll(/^([^:\n]+):(.*)$/gm))
    texts.set(file, `${texts.get(file) ?? ''}${line}\n`);
  return texts;
}

/** Returns the texts of the files below a folder, by their path in it. */
const textsBelow = (folder: string, files: ReadonlyMap<string, string>): readonly (readonly [string, string])[] =>
  [...files].flatMap(([path, text]) =>
    path.startsWith(`${folder}/`) ? [[path.slice(folder.length + 1), text] as const] : [],
  );

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
