import { openStage, type Stage } from '../../demo/stage.js';
import type { Figure } from '../figures.js';
import { ProgramCounter } from '../program-counter.js';

const node = 'inajob';
const sync = `kproxy sync --from cluster --from endpoints.yaml --node ${node} --cluster-cidr 10.244.0.0/16`;

/** Counts the processes of two syncs of the demo's cluster: on an empty node, and with nothing to do. */
export async function measureDemoProcesses(project: string): Promise<readonly Figure[]> {
  const stage = await openStage({ project });
  const runLine = (line: string) => runOnNode(stage, line);
  const counter = new ProgramCounter({ writeFile: (path, text) => stage.sandbox.writeFile(path, text), runLine });
  try {
    await runLine('kproxy endpoints --from cluster -o yaml > endpoints.yaml');
    await counter.install();
    return [
      figureOf("first sync of the demo's cluster", await counter.programsOf(sync)),
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

async function runOnNode(stage: Stage, line: string): Promise<string> {
  const { exitCode, stdout } = await stage.run(node, line);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}: ${stdout}`);
  return stdout;
}
