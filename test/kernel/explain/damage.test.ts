import { beforeAll, expect, test } from 'vitest';
import { fixture } from '../../support/run-sync.js';
import { topology } from '../packets/support/tutorial-flows.js';
import { bootMilliseconds, output, useNetwork } from '../support/guest.js';
import { kproxy } from '../support/kproxy.js';
import { snapshotText } from '../support/snapshot-text.js';
import { damages } from '../trust/support/damages.js';
import { type AskedOfSnapshot, explainClient } from './support/causes.js';

const node = 'inajob';
const cluster = fixture('tutorial.yaml');
const vip = '10.254.10.128:80';

/** A flow that is treated otherwise because of a damage, and what the cause must name. */
interface Suffering {
  readonly source: string;
  readonly target?: string;
  readonly protocol?: 'UDP';
  readonly cause: RegExp;
}

const outside = '192.168.33.99';
const pod = '10.244.1.9';

/** Who suffers from a damage. Undefined for a damage that changes no packet's fate, only shares or nothing. */
const sufferings: Readonly<Record<string, Suffering | undefined>> = {
  'a rule deleted': { source: 'node', cause: /^Rule 1 of KUBE-MARK-MASQ .* is missing/ },
  'a rule too many': {
    source: '192.0.2.1',
    target: '10.244.1.3:8080',
    cause: /^Rule 1 of KUBE-FORWARD .*192\.0\.2\.1\/32 -j DROP/,
  },
  'a set emptied': { source: pod, cause: /^The entry 10\.254\.10\.128,tcp:80 is missing in KUBE-CLUSTER-IP/ },
  'a set of another type': { source: pod, target: '10.254.10.128:9100', cause: /KUBE-CLUSTER-IP/ },
  'an entry too many': {
    source: outside,
    target: '192.0.2.7:53',
    protocol: 'UDP',
    cause: /192\.0\.2\.7,udp:53 .*KUBE-CLUSTER-IP/,
  },
  'an address removed': { source: pod, cause: /^The address 10\.254\.10\.128 is missing on kube-ipvs0/ },
  'a virtual server with another scheduler': undefined,
  'a virtual server with affinity': undefined,
  'a virtual server removed': { source: pod, cause: /^The virtual server TCP 10\.254\.10\.128:80 is missing/ },
  'a real server of weight 0': { source: pod, cause: /10\.244\.2\.2:8080.*weight is 0, should be 1/s },
  'a real server that is routed to, which IPVS does to the port of the virtual server': {
    source: pod,
    cause: /real server 10\.244\.2\.2:8?0?80/,
  },
  'a real server too many': { source: pod, cause: /^The real server 10\.244\.2\.99:8080 .* no Service needs it/ },
  'a jump twice': undefined,
  'a jump below a DROP': undefined,
  'a wrong sysctl': { source: outside, cause: /^The kernel parameter net\.ipv4\.vs\.conntrack is 0/ },
};

const sandbox = useNetwork(topology);
let whole: AskedOfSnapshot;
const run = (line: string) => output(sandbox(), ['sh', '-euc', line], { namespace: node });
const sync = () =>
  kproxy(sandbox(), node, ['sync', '--from', cluster, '--node', node, '--cluster-cidr', '10.244.0.0/16']);
const read = async (): Promise<AskedOfSnapshot> => ({
  snapshot: await snapshotText(sandbox(), node),
  cluster,
  proxy: {},
});

beforeAll(async () => {
  // A network behind another machine, whose packets this worker forwards.
  await run('ip route add 192.0.2.0/24 via 192.168.33.10');
  expect((await sync()).exitCode).toBe(0);
  whole = await read();
}, bootMilliseconds);

test('every damage is known here', () => {
  expect(Object.keys(sufferings)).toEqual(damages.map(({ what }) => what));
});

test.each(damages)('$what: explain names it for a client whose packets are treated otherwise', async ({ what, by }) => {
  await run(by);
  const asked = await read();
  expect((await sync()).exitCode).toBe(0);
  const suffering = sufferings[what];
  if (suffering === undefined) {
    const flows = await Promise.all(['node', pod, outside].map(source => explainClient(asked, vip, source)));
    expect(flows.map(({ verdict, cause }) => ({ verdict, cause }))).toEqual(
      Array(3).fill({ verdict: 'answered', cause: null }),
    );
    return;
  }
  const { source, target = vip, protocol, cause } = suffering;
  const flow = await explainClient(asked, target, source, protocol);
  expect(flow.cause?.summary ?? 'none').toMatch(cause);
  const before = await explainClient(whole, target, source, protocol);
  expect(before.cause?.summary ?? 'none').not.toMatch(cause);
});
