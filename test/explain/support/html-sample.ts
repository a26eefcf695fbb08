import type { BackendResult, Cause, Client, Explanation, Flow, Target } from '../../../src/explain/explanation.js';
import type { Ends } from '../../../src/explain/trace/packet.js';
import type {
  BackendChoice,
  Branch,
  End,
  Hook,
  RuleStep,
  Step,
  TableStep,
  Trace,
} from '../../../src/explain/trace/trace.js';

/** The tutorial's Service on its first node, as `explain` walks it: written by hand, for the drawings. */

const vip = '10.254.10.128';
const here: BackendChoice = { address: '10.244.1.3', port: 8080, weight: 1, place: 'here' };
const elsewhere: BackendChoice = { address: '10.244.2.2', port: 8080, weight: 1, place: 'elsewhere' };
const servicePort = 'default/web-service:http';

const http: Target = { address: vip, port: 80, servicePort, kind: 'cluster IP' };
const https: Target = { address: vip, port: 443, servicePort: 'default/web-service:https', kind: 'cluster IP' };

const toPort = (source: string, destination: string, destinationPort: number): Ends => ({
  source,
  sourcePort: undefined,
  destination,
  destinationPort,
});
const fromPort = (source: string, sourcePort: number, destination: string): Ends => ({
  source,
  sourcePort,
  destination,
  destinationPort: undefined,
});

type RuleText = Partial<RuleStep> & Pick<RuleStep, 'chain' | 'number'> & { readonly text: string };

function rule(table: string, { text, ...given }: RuleText): RuleStep {
  return { family: 'IPv4', table, depth: 1, matched: 'yes', argv: text.split(' '), ...given };
}

function tableStep(
  way: Step['way'],
  hook: Hook,
  table: string,
  ends: Ends,
  rules: readonly RuleText[],
  more: Partial<TableStep> = {},
): TableStep {
  return {
    kind: 'table',
    way,
    hook,
    table,
    before: ends,
    ends,
    markBefore: 0,
    markAfter: 0,
    result: 'accept',
    rules: rules.map(given => rule(table, given)),
    ...more,
  };
}

const clusterIpEntry = { set: 'KUBE-CLUSTER-IP', entry: `${vip},tcp:80`, looked: `${vip},tcp:80` };

/** nat PREROUTING or OUTPUT: marks a source outside of the Pods' network. */
function services(hook: Hook, ends: Ends, isMarked: boolean): TableStep {
  const mark: readonly RuleText[] = [
    {
      chain: 'KUBE-SERVICES',
      number: 1,
      matched: isMarked ? 'yes' : 'no',
      text: '! -s 10.244.0.0/16 -m set --match-set KUBE-CLUSTER-IP dst,dst -j KUBE-MARK-MASQ',
      ...(isMarked
        ? {
            because: clusterIpEntry,
            packets: 12,
            why: {
              why: "Sources outside the Pods' network 10.244.0.0/16 are answered through this node.",
              servicePorts: [servicePort],
            },
          }
        : { failed: '! -s 10.244.0.0/16' }),
    },
    ...(isMarked
      ? [
          {
            chain: 'KUBE-MARK-MASQ',
            number: 1,
            depth: 2,
            text: '-j MARK --set-xmark 0x4000/0x4000',
            effect: 'mark 0x4000',
            why: { why: 'POSTROUTING masquerades marked packets.', servicePorts: [] },
          },
        ]
      : []),
  ];
  const rules: readonly RuleText[] = [
    { chain: hook, number: 1, depth: 0, text: '-m comment --comment kubernetes-service-portals -j KUBE-SERVICES' },
    ...mark,
    {
      chain: 'KUBE-SERVICES',
      number: 2,
      text: '-m set --match-set KUBE-CLUSTER-IP dst,dst -j ACCEPT',
      because: clusterIpEntry,
      packets: 4031,
      why: { why: 'No later rule may send the packet elsewhere.', servicePorts: [servicePort] },
    },
  ];
  return tableStep('there', hook, 'nat', ends, rules, { markAfter: isMarked ? 0x4000 : 0 });
}

const routing = (way: Step['way'], ends: Ends, text: string, isLocal = false): Step => ({
  kind: 'routing',
  way,
  ends,
  text,
  isLocal,
  device: isLocal ? 'lo' : 'cni0',
  gateway: undefined,
});

const input = (ends: Ends): TableStep =>
  tableStep('there', 'INPUT', 'filter', ends, [
    { chain: 'INPUT', number: 1, depth: 0, text: '-j KUBE-IPVS-FILTER' },
    {
      chain: 'KUBE-IPVS-FILTER',
      number: 2,
      text: '-m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN',
      because: clusterIpEntry,
      why: { why: 'Service packets pass.', servicePorts: [servicePort] },
    },
  ]);

const ipvs = (ends: Ends): Step => ({
  kind: 'ipvs',
  way: 'there',
  before: ends,
  ends,
  does: 'balances',
  server: { protocol: 'TCP', address: vip, port: 80 },
  scheduler: 'rr',
  candidates: [here, elsewhere],
  text: `${vip}:80 balances with rr among 2 real servers`,
});

/** nat POSTROUTING: changes the source, or keeps it. */
function postrouting(before: Ends, source: string, isLoop: boolean): TableStep {
  if (before.source === source)
    return tableStep(
      'there',
      'POSTROUTING',
      'nat',
      before,
      [
        { chain: 'POSTROUTING', number: 1, depth: 0, text: '-j KUBE-POSTROUTING' },
        {
          chain: 'KUBE-POSTROUTING',
          number: 2,
          text: '-m mark ! --mark 0x4000/0x4000 -j RETURN',
          why: { why: 'All other packets without the mark keep their source.', servicePorts: [] },
        },
      ],
      { result: 'policy', policy: 'ACCEPT' },
    );
  const masquerade: RuleText = isLoop
    ? {
        chain: 'KUBE-POSTROUTING',
        number: 1,
        text: '-m set --match-set KUBE-LOOP-BACK dst,dst,src -j MASQUERADE',
        because: { set: 'KUBE-LOOP-BACK', entry: '10.244.1.3,tcp:8080,10.244.1.3' },
        effect: `source becomes ${source}`,
        why: {
          why: 'A Pod that is balanced to itself must not see its own address as the source.',
          servicePorts: [servicePort],
        },
      }
    : {
        chain: 'KUBE-POSTROUTING',
        number: 4,
        text: '-j MASQUERADE --random-fully',
        effect: `source becomes ${source}`,
        why: {
          why: 'Gives marked packets the address of this node, so that the backend answers to it and not past it.',
          servicePorts: [],
        },
      };
  return tableStep(
    'there',
    'POSTROUTING',
    'nat',
    { ...before, source },
    [{ chain: 'POSTROUTING', number: 1, depth: 0, text: '-j KUBE-POSTROUTING' }, masquerade],
    { before, result: 'translate' },
  );
}

interface Sender {
  readonly client: Client;
  /** The source of the client's packets. */
  readonly source: string;
  /** Undefined for the node. */
  readonly device: string | undefined;
  readonly isMarked: boolean;
  /** The source that each backend sees. */
  readonly seen: (backend: BackendChoice) => string;
}

const routeTo = ({ address, place }: BackendChoice): string =>
  place === 'elsewhere' ? `${address} via 192.168.33.12 on eth0` : `${address} on cni0`;

/** The answer of a backend, back to the client. */
function wayBack({ client, source, device }: Sender, backend: BackendChoice, seen: string): readonly Step[] {
  const sent = fromPort(backend.address, backend.port, seen);
  const restored = fromPort(backend.address, backend.port, source);
  const answer = fromPort(vip, 80, source);
  const isNode = device === undefined;
  const from = backend.place === 'elsewhere' ? 'eth0' : 'cni0';
  return [
    {
      kind: 'arrival',
      way: 'back',
      ends: sent,
      device: from,
      bridgePort: undefined,
      text: `from ${backend.address} on ${from}`,
    },
    ...(seen === source
      ? []
      : [
          {
            kind: 'conntrack',
            way: 'back',
            before: sent,
            ends: restored,
            text: `destination becomes ${source} again`,
          } as const,
        ]),
    routing('back', restored, isNode ? `${source} is an address of this node` : `${source} on ${device}`, isNode),
    ...(isNode
      ? []
      : [
          tableStep('back', 'FORWARD', 'filter', restored, [
            { chain: 'FORWARD', number: 1, depth: 0, text: '-j KUBE-FORWARD' },
            {
              chain: 'KUBE-FORWARD',
              number: 2,
              text: '-m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
              why: { why: 'The packets after the first one, and the answers, pass.', servicePorts: [] },
            },
          ]),
        ]),
    {
      kind: 'ipvs',
      way: 'back',
      before: restored,
      ends: answer,
      does: 'restores',
      candidates: [],
      text: `source becomes ${vip}:80 again`,
    },
    { kind: 'delivery', way: 'back', ends: answer, to: 'client', text: `to ${client.label}` },
  ];
}

function branchFor(sender: Sender, choice: BackendChoice): Branch {
  const backend: BackendChoice =
    sender.client.address === choice.address ? { ...choice, place: 'the client itself' } : choice;
  const balanced = toPort(sender.source, backend.address, backend.port);
  const seen = sender.seen(backend);
  const end: End = {
    kind: 'end',
    verdict: 'answered',
    clientSees: `an answer from ${vip}:80`,
    seenSource: seen,
    server: { address: backend.address, port: backend.port, place: backend.place },
  };
  const steps: readonly Step[] = [
    routing('there', balanced, routeTo(backend)),
    tableStep('there', 'OUTPUT', 'filter', balanced, [
      { chain: 'OUTPUT', number: 1, depth: 0, text: '-j KUBE-IPVS-OUT-FILTER', matched: 'yes' },
    ]),
    postrouting(balanced, seen, backend.place === 'the client itself'),
    {
      kind: 'delivery',
      way: 'there',
      ends: toPort(seen, backend.address, backend.port),
      to: 'backend',
      text: backend.place === 'elsewhere' ? 'through the node 192.168.33.12' : 'to the Pod on this node',
    },
    ...wayBack(sender, backend, seen),
  ];
  return {
    label: `${backend.address}:${backend.port}`,
    share: 0.5,
    backend,
    trace: { steps, end },
  };
}

const resultOf = (sender: Sender, { address, port, place }: BackendChoice): BackendResult => ({
  address,
  port,
  place,
  source: sender.seen({ address, port, place, weight: 1 }),
  verdict: 'answered',
  clientSees: 'an answer',
  share: 0.5,
});

function arrival(sender: Sender, ends: Ends): Step {
  const { client, device, source } = sender;
  const text = device === undefined ? 'from a process of this node' : `from ${source} on ${device}`;
  return {
    kind: 'arrival',
    way: 'there',
    ends,
    device,
    bridgePort: client.kind === 'pod' ? 'veth1a2b' : undefined,
    text,
  };
}

function answered(sender: Sender): Flow {
  const ends = toPort(sender.source, vip, 80);
  const hook = sender.device === undefined ? 'OUTPUT' : 'PREROUTING';
  const branches = [here, elsewhere].map(backend => branchFor(sender, backend));
  const trace: Trace = {
    steps: [
      arrival(sender, ends),
      services(hook, ends, sender.isMarked),
      routing('there', ends, `${vip} is an address of this node, on kube-ipvs0`, true),
      ...(sender.device === undefined ? [] : [input(ends)]),
      ipvs(ends),
    ],
    end: { kind: 'fork', by: 'backend', branches },
  };
  return {
    target: http,
    client: sender.client,
    family: 'IPv4',
    protocol: 'TCP',
    verdict: 'answered',
    clientSees: 'an answer',
    backends: branches.map(({ backend }) => resultOf(sender, backend as BackendChoice)),
    cause: undefined,
    trace,
  };
}

const rejecting: RuleText = {
  chain: 'KUBE-IPVS-FILTER',
  number: 6,
  text: '-m conntrack --ctstate NEW -m set --match-set KUBE-IPVS-IPS dst -j REJECT --reject-with icmp-port-unreachable',
  because: { set: 'KUBE-IPVS-IPS', entry: vip },
  effect: 'rejected with icmp-port-unreachable',
  packets: 17,
  why: {
    why: 'A VIP is an address of this node. Without the rule every port that the node listens on would be open on it.',
    servicePorts: [servicePort],
  },
};

const missingEntry: Cause = {
  summary: `The entry ${vip},tcp:443 is missing in KUBE-CLUSTER-IP.`,
  why:
    'Without it a packet to the cluster IP would keep a source that the backend cannot answer to, and be rejected ' +
    'on the VIP.',
  blame: { part: 'change', change: `add entry ${vip},tcp:443 to KUBE-CLUSTER-IP` },
  commands: [`ipset add KUBE-CLUSTER-IP ${vip},tcp:443`],
  nearMisses: [`KUBE-CLUSTER-IP has ${vip},tcp:80, and the packet is for tcp:443.`],
};

function refused(sender: Sender): Flow {
  const ends = toPort(sender.source, vip, 443);
  const filtered: TableStep = tableStep(
    'there',
    'INPUT',
    'filter',
    ends,
    [
      { chain: 'INPUT', number: 1, depth: 0, text: '-j KUBE-IPVS-FILTER' },
      {
        chain: 'KUBE-IPVS-FILTER',
        number: 2,
        matched: 'no',
        text: '-m set --match-set KUBE-CLUSTER-IP dst,dst -j RETURN',
        failed: '--match-set KUBE-CLUSTER-IP dst,dst',
        because: { set: 'KUBE-CLUSTER-IP', looked: `${vip},tcp:443`, near: `${vip},tcp:80` },
      },
      rejecting,
    ],
    { result: 'reject' },
  );
  const argv = rejecting.text.split(' ');
  return {
    target: https,
    client: sender.client,
    family: 'IPv4',
    protocol: 'TCP',
    verdict: 'refused',
    clientSees: 'Connection refused',
    backends: [],
    cause: missingEntry,
    trace: {
      steps: [
        arrival(sender, ends),
        routing('there', ends, `${vip} is an address of this node, on kube-ipvs0`, true),
        filtered,
      ],
      end: {
        kind: 'end',
        verdict: 'refused',
        clientSees: 'Connection refused',
        blame: { part: 'rule', family: 'IPv4', table: 'filter', chain: 'KUBE-IPVS-FILTER', number: 6, argv },
      },
    },
  };
}

const masqueraded = ({ place }: BackendChoice): string => (place === 'elsewhere' ? '192.168.33.11' : '10.244.1.1');

const pod: Sender = {
  client: { kind: 'pod', label: 'a Pod on this node', address: '10.244.1.9' },
  source: '10.244.1.9',
  device: 'cni0',
  isMarked: false,
  seen: () => '10.244.1.9',
};
const backendItself: Sender = {
  client: { kind: 'backend', label: 'a backend itself', address: '10.244.1.3' },
  source: '10.244.1.3',
  device: 'cni0',
  isMarked: false,
  seen: ({ address }) => (address === '10.244.1.3' ? '10.244.1.1' : '10.244.1.3'),
};
const node: Sender = {
  client: { kind: 'node', label: 'a process of this node', address: undefined },
  source: vip,
  device: undefined,
  isMarked: true,
  seen: masqueraded,
};
const outside: Sender = {
  client: { kind: 'outside', label: 'a machine outside', address: '192.168.33.99' },
  source: '192.168.33.99',
  device: 'eth0',
  isMarked: true,
  seen: masqueraded,
};

const clients: readonly Sender[] = [pod, backendItself, node, outside];

export const htmlSample: Explanation = {
  node: 'node-1',
  basis: { kind: 'node' },
  asked: 'default/web-service',
  flows: [...clients.map(answered), refused(pod)],
};
