import { expect } from 'vitest';
import { type AskedOfSnapshot, explainClient } from '../../explain/support/causes.js';

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
export const sufferings: Readonly<Record<string, Suffering | undefined>> = {
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

/** Expects that explain names a damage for a client that suffers from it, and that it does not do so without it. */
export async function expectNamed(what: string, asked: AskedOfSnapshot, whole: AskedOfSnapshot): Promise<void> {
  const suffering = sufferings[what];
  if (suffering === undefined) return expectNoCause(asked);
  const { source, target = vip, protocol, cause } = suffering;
  const flow = await explainClient(asked, target, source, protocol);
  expect(flow.cause?.summary ?? 'none').toMatch(cause);
  const before = await explainClient(whole, target, source, protocol);
  expect(before.cause?.summary ?? 'none').not.toMatch(cause);
}

async function expectNoCause(asked: AskedOfSnapshot): Promise<void> {
  const flows = await Promise.all(['node', pod, outside].map(source => explainClient(asked, vip, source)));
  expect(flows.map(({ verdict, cause }) => ({ verdict, cause }))).toEqual(
    Array(3).fill({ verdict: 'answered', cause: null }),
  );
}
