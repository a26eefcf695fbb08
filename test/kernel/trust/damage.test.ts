import { expect, test } from 'vitest';
import { fixture } from '../../support/run-sync.js';
import { useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { type ProgrammedState, programmedState } from '../support/node-state.js';
import { damages } from './support/damages.js';

const node = 'inajob';
const argumentsOf = (command: string): readonly string[] => [
  command,
  ...['--from', fixture('tutorial.yaml'), '--node', node, '--cluster-cidr', '10.244.0.0/16'],
];

const sandbox = useNetwork();
let whole: ProgrammedState;

async function diff() {
  const { stdout, exitCode } = await kproxy(sandbox(), node, argumentsOf('diff'));
  const lines = stdout.split('\n').map(line => line.trimEnd());
  return { exitCode, seen: lines.filter(line => /^ {2}[+~-] /.test(line)).map(line => line.trim()), lines };
}

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
});

test.each(damages)('$what: diff reports exactly that, and sync repairs exactly that', async ({ by, seen, how }) => {
  const { exitCode, stderr } = await sandbox().run(['sh', '-euc', by], { namespace: node });
  expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
  const found = await diff();
  expect({ exitCode: found.exitCode, seen: found.seen }).toEqual({ exitCode: 1, seen });
  if (how !== undefined) expect(found.lines.map(line => line.trim())).toContain(how);
  expect((await sync()).exitCode).toBe(0);
  expect(withoutOthers(await programmedState(sandbox(), node))).toEqual(withoutOthers(whole));
});
