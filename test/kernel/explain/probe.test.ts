import { expect, test } from 'vitest';
import { placedEndpoints } from '../../explain/ask/support/world.js';
import { listText, serviceObject } from '../../support/sample-objects.js';
import { useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';

const sandbox = useNetwork();

const serverPort = 8080;
/** On which the Pods of the tutorial have no server. */
const closedPort = 8081;

const cluster = listText(
  serviceObject('open', '10.254.10.128'),
  placedEndpoints('open', { '10.244.2.2': 'yuanying', '10.244.1.3': 'inajob' }, { port: serverPort }),
  serviceObject('closed', '10.254.10.129'),
  placedEndpoints('closed', { '10.244.1.3': 'inajob' }, { port: closedPort }),
);
const options = ['--from', '-', '--node', 'inajob', '--cluster-cidr', '10.244.0.0/16'];

const run = (...argv: readonly string[]) => kproxy(sandbox(), 'inajob', [...argv, ...options], cluster);

interface ProbedFlow {
  readonly clientKind: string;
  readonly clientAddress: string | null;
  readonly verdict: string;
  readonly probe: { readonly verdict: string; readonly text: string; readonly agrees: boolean };
}

async function probed(service: string) {
  const { stdout, stderr, exitCode } = await run('explain', service, '--probe', '-o', 'json');
  const { flows } = JSON.parse(stdout) as { readonly flows: readonly ProbedFlow[] };
  const rows = flows.map(({ clientKind, clientAddress, verdict, probe }) =>
    [clientKind, clientAddress ?? '-', verdict, probe.text, probe.agrees].join(' | '),
  );
  return { rows, stderr, exitCode };
}

test('a probe sends from the node, from a Pod and from a backend, and agrees where explain is right', async () => {
  expect((await run('sync')).exitCode).toBe(0);
  expect(await probed('open')).toEqual({
    rows: [
      'pod | 10.244.1.9 | answered | answered | true',
      'backend | 10.244.1.3 | answered | answered | true',
      'node | - | answered | answered | true',
      'outside | 192.168.33.250 | answered | not probed: the client is not on this node | true',
    ],
    stderr: '',
    exitCode: 0,
  });
});

test('a backend that does not listen makes the probe disagree, which is said with both', async () => {
  const { rows, stderr, exitCode } = await probed('closed');
  expect(exitCode).toBe(1);
  expect(rows.slice(0, 3)).toEqual([
    'pod | 10.244.1.9 | answered | Connection refused | false',
    'backend | 10.244.1.3 | answered | Connection refused | false',
    'node | - | answered | Connection refused | false',
  ]);
  expect(stderr).toContain(
    'THE PROBE DISAGREES: this node to 10.254.10.129 port 80: explained as answered (an answer), ' +
      'but the probe got: Connection refused\n',
  );
});
