import { Option } from 'commander';
import { unreadableReason } from '../../cluster/input-files.js';
import { readInput } from '../../cluster/read-input.js';
import { KproxyError } from '../../errors.js';
import type { Snapshot } from '../../snapshot/snapshot.js';
import { processIo } from '../io.js';
import type { AccessFlags } from './access.js';

export interface SnapshotFlags extends Pick<AccessFlags, 'iptablesBackend'> {
  readonly snapshot?: string;
}

export const snapshotOptions = (): readonly Option[] => [
  new Option('--snapshot <file>', 'use the node that kproxy snapshot printed (- is stdin), not this machine'),
];

/** @throws KproxyError if the file cannot be read or is not a snapshot, or if another option contradicts it */
export async function readSnapshot({
  snapshot,
  iptablesBackend = 'auto',
}: SnapshotFlags): Promise<Snapshot | undefined> {
  if (snapshot === undefined) return undefined;
  if (iptablesBackend !== 'auto')
    throw new KproxyError({
      code: 'options-contradict',
      message: '--iptables-backend and --snapshot: a snapshot has the rules of one backend, and names it',
    });
  const { parseSnapshot } = await import('../../snapshot/snapshot.js');
  return parseSnapshot(await readText(snapshot), snapshot === '-' ? 'standard input' : snapshot);
}

async function readText(path: string): Promise<string> {
  try {
    return path === '-' ? await processIo.readStdin() : await readInput(path);
  } catch (error) {
    throw new KproxyError({
      code: 'snapshot-unreadable',
      message: `cannot read the snapshot ${path}`,
      evidence: unreadableReason(error as NodeJS.ErrnoException),
      advice: 'Give a file that kproxy snapshot has written, or - for standard input.',
    });
  }
}
