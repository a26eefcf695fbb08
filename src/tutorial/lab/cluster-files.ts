import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseDocuments } from '../../cluster/parse.js';
import type { PlainObject } from '../plain-object.js';
import { lessonFile } from './program-folder.js';

export interface ClusterFiles {
  /** The objects at the beginning. */
  readonly objects: readonly PlainObject[];
  /** The learner's first order, which is not in the cluster yet. */
  readonly serviceYaml: string;
}

const serviceFile = 'service.yaml';

/** Reads the example cluster, which is also there for `--from`. */
export async function readClusterFiles(): Promise<ClusterFiles> {
  const folder = lessonFile('cluster');
  const names = (await readdir(folder)).filter(name => name.endsWith('.yaml') && name !== serviceFile).sort();
  const documents = await Promise.all(
    names.map(async name => parseDocuments(name, await readFile(join(folder, name), 'utf8'))),
  );
  return {
    objects: documents.flat().map(({ value }) => value as PlainObject),
    serviceYaml: await readFile(join(folder, serviceFile), 'utf8'),
  };
}
