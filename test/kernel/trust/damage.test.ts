import { expect, test } from 'vitest';
import { fixture } from '../../support/run-sync.js';
import type { AskedOfSnapshot } from '../explain/support/causes.js';
import { topology } from '../packets/support/tutorial-flows.js';
import { output, useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { type ProgrammedState, programmedState } from '../support/node-state.js';
import { snapshotText } from '../support/snapshot-text.js';
import { damages } from './support/damages.js';
import { expectNamed, sufferings } from './support/sufferings.js';

const node = 'inajob';
const argumentsOf = (command: string): readonly string[] => [
  command,
  ...['--from', fixture('tutorial.yaml'), '--node', node, '--cluster-cidr', '10.244.0.0/16'],
];

const sandbox = useNetwork(topology);
let whole: ProgrammedState;
let wholeToExplain: AskedOfSnapshot;

async function diff() {
  const { stdout, exitCode } = await kproxy(sandbox(), node, argumentsOf('diff'));
  const lines = stdout.split('\n').map(line => line.trimEnd());
  return { exitCode, seen: lines.filter(line => /^ {2}[+~-] /.test(line)).map(line => line.trim()), lines };
}

/** Reads the node as it is now, to explain it. */
const read = async (): Promise<AskedOfSnapshot> => ({
  snapshot: await snapshotText(sandbox(), node),
  cluster: fixture('tutorial.yaml'),
  proxy: {},
});

const sync = () => kproxy(sandbox(), node, argumentsOf('sync'));
/** Rules of other software stay where they are. */
const withoutOthers = (state: ProgrammedState): ProgrammedState => ({
  ...state,
  rules: state.rules.filter(line => !/^-A INPUT .*-j DROP$/.test(line)),
});

test('diff is empty right after a sync', async () => {
  expect(await diff()).toMatchObject({ exitCode: 1 });
  expect(await sync()).toMatchObject({ exitCode: 0 });
  expect(await diff()).toMatchObject({ exitCode: 0, seen: [], lines: [`node ${node}: in sync`, ''] });
  whole = await programmedState(sandbox(), node);
  // A network behind another machine, whose packets this worker forwards.
  await output(sandbox(), ['ip', 'route', 'add', '192.0.2.0/24', 'via', '192.168.33.10'], { namespace: node });
  wholeToExplain = await read();
});

test('it is known of every damage who suffers from it', () => {
  expect(Object.keys(sufferings)).toEqual(damages.map(({ what }) => what));
});

const title = '$what: diff reports exactly that, explain names it, and sync repairs exactly that';

test.each(damages)(title, async ({ what, by, seen, how }) => {
  const { exitCode, stderr } = await sandbox().run(['sh', '-euc', by], { namespace: node });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const found = await diff();
  expect({ exitCode: found.exitCode, seen: found.seen }).toEqual({ exitCode: 1, seen });
  if (how !== undefined) expect(found.lines.map(line => line.trim())).toContain(how);
  await expectNamed(what, await read(), wholeToExplain);
  expect((await sync()).exitCode).toBe(0);
  expect(withoutOthers(await programmedState(sandbox(), node))).toEqual(withoutOthers(whole));
});
