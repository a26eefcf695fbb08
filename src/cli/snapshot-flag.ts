// Not from node:fs/promises, which every --help would wait for.
import { promises } from 'node:fs';
import type { Command } from 'commander';
import { ExitCode, KproxyError } from '../errors.js';
import type { Snapshot } from '../snapshot/snapshot.js';
import { processIo } from './io.js';

export interface SnapshotFlag {
  readonly snapshot?: string;
}

export const withSnapshotFlag = (command: Command): Command =>
  command.option(
    '--snapshot <file>',
    'take the node from what kproxy snapshot printed (- is stdin), not from this machine',
  );

/** @throws KproxyError (exit code 4) where the file cannot be read or is no snapshot */
export async function readSnapshot({ snapshot }: SnapshotFlag): Promise<Snapshot | undefined> {
  if (snapshot === undefined) return undefined;
  const { parseSnapshot } = await import('../snapshot/snapshot.js');
  return parseSnapshot(await textOf(snapshot), snapshot === '-' ? 'standard input' : snapshot);
}

async function textOf(path: string): Promise<string> {
  try {
    return path === '-' ? await processIo.readStdin() : await promises.readFile(path, 'utf8');
  } catch (error) {
    throw new KproxyError({
      message: `cannot read the snapshot ${path}`,
      detail: error instanceof Error ? error.message : String(error),
      exitCode: ExitCode.nodeUnreadable,
    });
  }
}
