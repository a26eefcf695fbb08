import { openStage, type Stage } from '../../shared/stage.js';
import type { Figure } from '../figures.js';
import { ProgramCounter } from '../program-counter.js';

const sync = 'kproxy sync --from cluster.yaml --cluster-cidr 10.244.0.0/16';

/** Counts the processes of two syncs of the lesson's cluster: on an empty node, and with nothing to do. */
export async function measureDemoProcesses(): Promise<readonly Figure[]> {
  const stage = await openStage();
  const runLine = (line: string) => runOn(stage, 'inajob', line);
  const counter = new ProgramCounter({ writeFile: (path, text) => stage.writeFile(path, text), runLine });
  try {
    await runOn(stage, 'master', 'kubectl apply -f web-service.yaml && kproxy endpoints web-service');
    await runLine('kubectl get services,endpoints,nodes -o yaml > cluster.yaml');
    await counter.install();
    return [
      figureOf("first sync of the lesson's cluster", await counter.programsOf(sync)),
      figureOf('sync with nothing to do', await counter.programsOf(sync)),
    ];
  } finally {
    await stage.close();
  }
}

const figureOf = (name: string, programs: readonly string[]): Figure => ({
  size: '',
  name: `processes: ${name}`,
  value: programs.length,
  unit: 'processes',
  note: programs.join(' '),
});

async function runOn(stage: Stage, machine: string, line: string): Promise<string> {
  const { exitCode, stdout } = await stage.run(machine, line);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}: ${stdout}`);
  return stdout;
}
