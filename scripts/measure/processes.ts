import { openStage, type Stage } from '../demo/stage.js';

export interface SyncCost {
  readonly name: string;
  /** Programs in the order in which they were started, kproxy's own `node` first. */
  readonly programs: readonly string[];
  /** Seconds, in the sandbox. */
  readonly seconds: number;
}

export const counters = '/run/counters';
export const record = '/run/started';
export const shim = `#!/bin/sh
name=\${0##*/}
echo "$name" >> ${record}
PATH=\${PATH#${counters}:}
program=$(command -v "$name")
PATH=${counters}:$PATH
exec "$program" "$@"
`;
export const install = `
mkdir -p ${counters} && chmod +x /run/shim
for folder in /usr/local/sbin /usr/local/bin /usr/sbin /usr/bin /sbin /bin "$(dirname "$(command -v node)")"; do
  [ -d "$folder" ] && ls "$folder"
done | sort -u | perl -ne 'chomp; symlink "/run/shim", "${counters}/$_"'
`;

const sync = 'kproxy sync --from cluster --from endpoints.yaml --node inajob --cluster-cidr 10.244.0.0/16';

/**
 * Counts the programs that syncing the chapter's cluster starts on a node that has nothing, and then again with nothing to do. Every program of the
 * system stands behind a shim that writes its name down; a shim is a process that becomes the program, so it adds none.
 */
export async function measureSync(project: string): Promise<readonly SyncCost[]> {
  const stage = await openStage({ project });
  try {
    await must(stage, 'kproxy endpoints --from cluster -o yaml > endpoints.yaml');
    await stage.sandbox.writeFile('/run/shim', shim);
    await must(stage, install);
    return [await cost(stage, 'cold'), await cost(stage, 'nothing to do')];
  } finally {
    await stage.close();
  }
}

async function cost(stage: Stage, name: string): Promise<SyncCost> {
  await must(stage, `: > ${record}`);
  const start = performance.now();
  await must(stage, `PATH=${counters}:$PATH ${sync}`);
  const seconds = (performance.now() - start) / 1_000;
  const started = await must(stage, `cat ${record}`);
  return { name, programs: started.split('\n').filter(Boolean), seconds };
}

async function must(stage: Stage, line: string): Promise<string> {
  const { exitCode, stdout } = await stage.run('inajob', line);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}: ${stdout}`);
  return stdout;
}
