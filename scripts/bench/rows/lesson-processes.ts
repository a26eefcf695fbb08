import { type LiveLab, openLab } from '../../../src/tutorial/lab/open-lab.js';
import { lessonFile } from '../../../src/tutorial/lab/program-folder.js';
import type { Figure } from '../../shared/figures.js';
import { ProgramCounter } from '../program-counter.js';

const node = 'inajob';

/** Counts the processes of two syncs of the lesson's cluster: on an empty node, and with nothing to do. */
export async function measureLessonProcesses(): Promise<readonly Figure[]> {
  const cluster = lessonFile('cluster');
  const sync = `kproxy sync --from ${cluster} --from endpoints.yaml --node ${node} --cluster-cidr 10.244.0.0/16`;
  const lab = await openLab();
  const runLine = (line: string) => runOnNode(lab, line);
  const writeFile = async (path: string, text: string) => void (await runLine(`cat >${path} <<'END'\n${text}END`));
  const counter = new ProgramCounter({ writeFile, runLine });
  try {
    await runLine(`kproxy endpoints --from ${cluster} -o yaml > endpoints.yaml`);
    await counter.install();
    return [
      figureOf("first sync of the lesson's cluster", await counter.programsOf(sync)),
      figureOf('sync with nothing to do', await counter.programsOf(sync)),
    ];
  } finally {
    await lab.close();
  }
}

const figureOf = (name: string, programs: readonly string[]): Figure => ({
  size: '',
  name: `processes: ${name}`,
  value: programs.length,
  unit: 'processes',
  note: programs.join(' '),
});

async function runOnNode(lab: LiveLab, line: string): Promise<string> {
  const { exitCode, output } = await lab.run(node, line);
  if (exitCode !== 0) throw new Error(`${line} ended with ${exitCode}: ${output}`);
  return output;
}
