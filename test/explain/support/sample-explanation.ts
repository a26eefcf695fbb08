import type { BackendResult, Cause, Client, Explanation, Flow, Target } from '../../../src/explain/explanation.js';
import type {
  BackendChoice,
  Blame,
  Branch,
  End,
  IpvsStep,
  RuleStep,
  Step,
  TableStep,
  Trace,
} from '../../../src/explain/trace/trace.js';
import { ends, ruleStep, tableStep } from './steps.js';

export const here: BackendChoice = { address: '10.244.1.3', port: 8080, weight: 1, place: 'here' };
export const elsewhere: BackendChoice = { address: '10.244.2.2', port: 8080, weight: 1, place: 'elsewhere' };

const vip = '10.254.10.128';
const servicePort = 'default/web-service:http';
const virtualServer = { protocol: 'TCP', address: vip, port: 80 } as const;

const target: Target = { address: vip, port: 80, servicePort, kind: 'cluster IP' };

export const clients = {
  pod: { kind: 'pod', label: 'a Pod on this node', address: '10.244.1.9' },
  backend: { kind: 'backend', label: 'a backend itself', address: '10.244.1.3' },
  node: { kind: 'node', label: 'a process of this node', address: undefined },
  outside: { kind: 'outside', label: 'a machine outside', address: '192.168.33.99' },
} as const satisfies Record<string, Client>;

const toService = (source: string) => ends(source, undefined, vip, 80);

const portals = (chain: 'PREROUTING' | 'OUTPUT'): RuleStep =>
  ruleStep('nat', chain, 1, 0, '-m comment --comment #kubernetes_service_portals -j KUBE-SERVICES', {
    why: { why: 'Packets from Pods and from outside come this way.', servicePorts: [] },
  });

const clusterIpEntry = { set: 'KUBE-CLUSTER-IP', entry: '10.254.10.128,tcp:80' };
const noClusterIpEntry = { set: 'KUBE-CLUSTER-IP', looked: '10.254.10.128,tcp:80' };
const clusterIpComment = '-m comment --comment #Kubernetes_service_cluster_ip_+_port_for_masquerade_purpose';

/** nat of the first hook: KUBE-SERVICES marks packets that do not come from a Pod, and accepts them. */
function services(chain: 'PREROUTING' | 'OUTPUT', source: string, isPod: boolean): TableStep {
  const inSet = '-m set --match-set KUBE-CLUSTER-IP dst,dst';
  const markRule = `! -s 10.244.0.0/16 ${clusterIpComment} ${inSet} -j KUBE-MARK-MASQ`;
  const why = {
    why: "Sources outside the Pods' network 10.244.0.0/16 are answered through this node. Pods keep their address.",
    servicePorts: [servicePort],
  };
  const marked: readonly RuleStep[] = [
    ruleStep('nat', 'KUBE-SERVICES', 2, 1, markRule, { because: clusterIpEntry, why, packets: 7 }),
    ruleStep('nat', 'KUBE-MARK-MASQ', 1, 2, '-j MARK --or-mark 0x4000', { effect: 'mark 0x4000' }),
  ];
  const unmarked = ruleStep('nat', 'KUBE-SERVICES', 2, 1, markRule, {
    matched: 'no',
    failed: '! -s 10.244.0.0/16',
    why,
  });
  return tableStep(chain, 'nat', toService(source), {
    markAfter: isPod ? 0 : 0x4000,
    result: 'accept',
    rules: [
      portals(chain),
      ruleStep('nat', 'KUBE-SERVICES', 1, 1, '-s 127.0.0.0/8 -j RETURN', { matched: 'no', failed: '-s 127.0.0.0/8' }),
      ...(isPod ? [unmarked] : marked),
      ruleStep('nat', 'KUBE-SERVICES', 3, 1, '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT', {
        because: clusterIpEntry,
        why: { why: 'No later rule may send the packet elsewhere.', servicePorts: [servicePort] },
      }),
    ],
  });
}

const vipFilter = ruleStep(
  'filter',
  'INPUT',
  1,
  0,
  '-m comment --comment #kubernetes_ipvs_access_filter -j KUBE-IPVS-FILTER',
  {
    why: { why: 'Packets to a VIP reach INPUT, because the VIP is an address of this node.', servicePorts: [] },
  },
);
const servicePasses = '-m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN';
const rejection =
  '-m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable';

const input = (source: string, mark: number): TableStep =>
  tableStep('INPUT', 'filter', toService(source), {
    markBefore: mark,
    result: 'policy',
    policy: 'ACCEPT',
    rules: [
      vipFilter,
      ruleStep('filter', 'KUBE-IPVS-FILTER', 1, 1, servicePasses, {
        because: clusterIpEntry,
        why: { why: 'Service packets pass.', servicePorts: [servicePort] },
      }),
    ],
  });

const toVip = (source: string): Step => ({
  kind: 'routing',
  way: 'there',
  ends: toService(source),
  text: `${vip} is an address of this node, on kube-ipvs0`,
  isLocal: true,
  device: 'kube-ipvs0',
  gateway: undefined,
});

const balances = (source: string, candidates: readonly BackendChoice[]): IpvsStep => ({
  kind: 'ipvs',
  way: 'there',
  before: toService(source),
  ends: toService(source),
  does: 'balances',
  server: virtualServer,
  scheduler: 'rr',
  candidates,
  text: 'virtual server TCP 10.254.10.128:80, scheduler rr',
});

/** From IPVS to a backend, and the answer. `seen` is the source after POSTROUTING. */
function toBackend(backend: BackendChoice, source: string, seen: string): Trace {
  const device = backend.place === 'elsewhere' ? 'eth0' : 'cni0';
  const gateway = backend.place === 'elsewhere' ? '192.168.33.12' : undefined;
  const before = ends(source, undefined, backend.address, 8080);
  const after = ends(seen, undefined, backend.address, 8080);
  const answer = ends(backend.address, 8080, seen, undefined);
  const toClient = ends(backend.address, 8080, source, undefined);
  const restored = ends(vip, 80, source, undefined);
  const via = gateway === undefined ? '' : ` via ${gateway}`;
  const route: Step = {
    kind: 'routing',
    way: 'there',
    ends: before,
    text: `${backend.address}${via} on ${device}`,
    isLocal: false,
    device,
    gateway,
  };
  const steps: readonly Step[] = [
    route,
    postrouting(before, after),
    { kind: 'delivery', way: 'there', ends: after, to: 'backend', text: `${backend.address}:8080 sees ${seen}` },
    {
      kind: 'arrival',
      way: 'back',
      ends: answer,
      device,
      bridgePort: undefined,
      text: `from ${backend.address} on ${device}`,
    },
    ...(seen === source
      ? []
      : [
          {
            kind: 'conntrack',
            way: 'back',
            before: answer,
            ends: toClient,
            text: `the destination becomes ${source} again`,
          } as const,
        ]),
    {
      kind: 'ipvs',
      way: 'back',
      before: toClient,
      ends: restored,
      does: 'restores',
      server: virtualServer,
      candidates: [],
      text: 'the source becomes 10.254.10.128:80 again',
    },
    {
      kind: 'delivery',
      way: 'back',
      ends: restored,
      to: 'client',
      text: 'the client gets an answer from 10.254.10.128:80',
    },
  ];
  return { steps, end: answered(backend, seen) };
}

const answered = ({ address, port, place }: BackendChoice, seenSource: string): End => ({
  kind: 'end',
  verdict: 'answered',
  clientSees: 'an answer from 10.254.10.128:80',
  seenSource,
  server: { address, port, place },
});

function postrouting(before: ReturnType<typeof ends>, after: ReturnType<typeof ends>): TableStep {
  const isMasqueraded = before.source !== after.source;
  const jump = '-m comment --comment #kubernetes_postrouting_rules -j KUBE-POSTROUTING';
  const effect = `source becomes ${after.source}`;
  return {
    ...tableStep('POSTROUTING', 'nat', before, {
      markBefore: isMasqueraded ? 0x4000 : 0,
      result: isMasqueraded ? 'translate' : 'policy',
      ...(isMasqueraded ? {} : { policy: 'ACCEPT' }),
      rules: [
        ruleStep('nat', 'POSTROUTING', 1, 0, jump, {
          why: { why: 'The source can only be changed when the packet leaves.', servicePorts: [] },
        }),
        ...(isMasqueraded
          ? [ruleStep('nat', 'KUBE-POSTROUTING', 4, 1, '-j MASQUERADE --random-fully', { effect })]
          : [ruleStep('nat', 'KUBE-POSTROUTING', 2, 1, '-m mark ! --mark 0x4000/0x4000 -j RETURN', {})]),
      ],
    }),
    ends: after,
  };
}

const branch = (backend: BackendChoice, share: number, trace: Trace): Branch => ({
  label: `${backend.address}:${backend.port}`,
  share,
  backend,
  trace,
});

const resultOf = ({ backend, share, trace: { end } }: Branch): BackendResult => {
  if (backend === undefined || end.kind === 'fork') throw new Error('the sample has only branches to backends');
  const { address, port, place } = backend;
  return { address, port, place, source: end.seenSource, verdict: end.verdict, clientSees: end.clientSees, share };
};

/** Returns a flow that every backend answers. `choices` are the backends with the source that each sees. */
export function answeredFlow(client: Client, choices: readonly (readonly [BackendChoice, seen: string])[]): Flow {
  const source = client.address ?? vip;
  const isPod = source.startsWith('10.244.');
  const first = client.kind === 'node' ? 'OUTPUT' : 'PREROUTING';
  const device = isPod ? 'cni0' : 'eth0';
  const arrival: Step = {
    kind: 'arrival',
    way: 'there',
    ends: toService(source),
    device: client.kind === 'node' ? undefined : device,
    bridgePort: undefined,
    text: client.kind === 'node' ? 'from a process of this node' : `from ${source} on ${device}`,
  };
  const candidates = choices.map(([backend]) => backend);
  const branches = choices.map(([backend, seen]) =>
    branch(backend, 1 / choices.length, toBackend(backend, source, seen)),
  );
  return {
    target,
    client,
    family: 'IPv4',
    protocol: 'TCP',
    verdict: 'answered',
    clientSees: 'an answer from 10.254.10.128:80',
    backends: branches.map(resultOf),
    cause: undefined,
    trace: {
      steps: [
        arrival,
        services(first, source, isPod),
        toVip(source),
        input(source, isPod ? 0 : 0x4000),
        balances(source, candidates),
      ],
      end: { kind: 'fork', by: 'backend', branches },
    },
  };
}

export const rejectingRule: Blame = {
  part: 'rule',
  family: 'IPv4',
  table: 'filter',
  chain: 'KUBE-IPVS-FILTER',
  number: 2,
  argv: rejection.split(' '),
};

export const missingEntry: Cause = {
  summary: 'The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.',
  why:
    'Without it a packet to the cluster IP would keep a source that the backend cannot answer to, and be rejected ' +
    'on the VIP.',
  blame: { part: 'change', change: 'The entry 10.254.10.128,tcp:80 is missing in KUBE-CLUSTER-IP.' },
  commands: ['ipset add KUBE-CLUSTER-IP 10.254.10.128,tcp:80'],
  nearMisses: ['KUBE-CLUSTER-IP has 10.254.10.128,udp:80, and the packet is for tcp:80.'],
};

/** A flow that KUBE-IPVS-FILTER rejects, because the entry of KUBE-CLUSTER-IP is missing. */
export function rejectedFlow(client: Client, source = client.address ?? vip): Flow {
  const notFound = { matched: 'no', failed: '--match-set KUBE-CLUSTER-IP dst,dst', because: noClusterIpEntry } as const;
  return {
    target,
    client,
    family: 'IPv4',
    protocol: 'TCP',
    verdict: 'refused',
    clientSees: 'Connection refused',
    backends: [],
    cause: missingEntry,
    trace: {
      steps: [
        {
          kind: 'arrival',
          way: 'there',
          ends: toService(source),
          device: 'eth0',
          bridgePort: undefined,
          text: `from ${source} on eth0`,
        },
        tableStep('PREROUTING', 'nat', toService(source), {
          result: 'policy',
          policy: 'ACCEPT',
          rules: [
            portals('PREROUTING'),
            ruleStep('nat', 'KUBE-SERVICES', 3, 1, '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT', notFound),
          ],
        }),
        toVip(source),
        tableStep('INPUT', 'filter', toService(source), {
          result: 'reject',
          rules: [
            vipFilter,
            ruleStep('filter', 'KUBE-IPVS-FILTER', 1, 1, servicePasses, {
              ...notFound,
              because: { ...noClusterIpEntry, near: '10.254.10.128,udp:80' },
              packets: 0,
            }),
            ruleStep('filter', 'KUBE-IPVS-FILTER', 2, 1, rejection, {
              because: { set: 'KUBE-IPVS-IPS', entry: '10.254.10.128' },
              effect: 'rejects with icmp-port-unreachable',
              packets: 3,
            }),
          ],
        }),
      ],
      end: { kind: 'end', verdict: 'refused', clientSees: 'Connection refused', blame: rejectingRule },
    },
  };
}

export const podFlow: Flow = answeredFlow(clients.pod, [
  [here, '10.244.1.9'],
  [elsewhere, '10.244.1.9'],
]);
export const outsideFlow: Flow = answeredFlow(clients.outside, [
  [here, '10.244.1.1'],
  [elsewhere, '192.168.33.11'],
]);
export const rejectedOutsideFlow: Flow = rejectedFlow(clients.outside);

/** Three clients are answered, and the machine outside is refused. */
export const sampleExplanation: Explanation = {
  node: 'inajob',
  basis: { kind: 'node' },
  asked: 'web-service',
  flows: [
    podFlow,
    answeredFlow(clients.backend, [
      [{ ...here, place: 'the client itself' }, '10.244.1.1'],
      [elsewhere, '10.244.1.3'],
    ]),
    answeredFlow(clients.node, [
      [here, '10.244.1.1'],
      [elsewhere, '192.168.33.11'],
    ]),
    rejectedOutsideFlow,
  ],
};
