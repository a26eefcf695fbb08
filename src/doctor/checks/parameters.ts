import { ipvsDevice } from '../../node/names.js';
import { sysctlReasons } from '../../proxy/host.js';
import type { Device, Facts } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { asRoot } from '../fixes/as-root.js';
import type { DoctorCheck } from './check.js';

export const parameters: DoctorCheck = {
  name: 'parameters',
  judge(facts) {
    const troubles = [...own(facts), ...bridges(facts), ...forwardingOfIpv6(facts), ...connections(facts)];
    return troubles.length > 0 ? troubles : [ok('the kernel parameters let Services work')];
  },
};

/** What `kproxy sync` sets, and what a packet suffers without it. */
const ownValues = ['net/ipv4/ip_forward', 'net/ipv4/vs/conntrack'] as const;

const dotted = (path: string): string => path.replaceAll('/', '.');

const sysctlFix = ({ machine }: Facts, path: string, value: string): string =>
  asRoot(machine, `sysctl -w ${dotted(path)}=${value}`);

/** Returns a judgement for each parameter that sync would set. It cannot if /proc/sys is read-only. */
function own(facts: Facts): readonly Judgement[] {
  const { values, areReadOnly } = facts.parameters;
  return ownValues
    .filter(path => values.get(path) === '0' && (path !== 'net/ipv4/vs/conntrack' || isProgrammed(facts)))
    .map(path => {
      const what = `${dotted(path)} is 0`;
      const fix = sysctlFix(facts, path, '1');
      return areReadOnly
        ? problem({
            what: `${what}, and /proc/sys is read-only here`,
            why: `${sysctlReasons[path]} Run it on the host.`,
            fix,
          })
        : advice({ what, why: `${sysctlReasons[path]} kproxy sync sets it too.`, fix });
    });
}

/** Before the first sync, the parameters of IPVS have the values of the kernel. */
const isProgrammed = ({ devices }: Facts): boolean =>
  devices.is === 'read' && devices.value.some(({ name, type }) => name === ipvsDevice && type === 'dummy');

/** The bridges of CNI plugins that connect the Pods of a node. */
const podBridges: ReadonlySet<string> = new Set(['cni0', 'cbr0', 'kube-bridge']);

function bridges(facts: Facts): readonly Judgement[] {
  const { devices, ipv6Lacks } = facts;
  const names = devices.is === 'read' ? devices.value.filter(isBridge).map(({ name }) => name) : [];
  if (names.length === 0) return [];
  const paths = ['iptables', ...(ipv6Lacks === undefined ? ['ip6tables'] : [])].map(
    tool => `net/bridge/bridge-nf-call-${tool}`,
  );
  const wrong = paths.filter(path => facts.parameters.values.get(path) !== '1');
  if (wrong.length === 0) return [];
  const isMissing = wrong.every(path => !facts.parameters.values.has(path));
  const ofPods = names.filter(name => podBridges.has(name));
  const values = wrong.map(path => `${dotted(path)}=1`).join(' ');
  const set = `sysctl -w ${values}`;
  const trouble = {
    what: isMissing
      ? `the module br_netfilter is not loaded, and this node has the bridge ${ofPods[0] ?? names[0]}`
      : `${wrong.map(dotted).join(' and ')} ${wrong.length === 1 ? 'is' : 'are'} not 1`,
    why:
      'A Pod that a Service sends to another Pod of the same bridge gets an answer that bypasses IPVS, and drops it.' +
      (ofPods.length > 0 ? '' : ' This matters if Pods are connected to the bridge.'),
    fix: isMissing ? asRoot(facts.machine, `sh -c "modprobe br_netfilter && ${set}"`) : asRoot(facts.machine, set),
  };
  return [ofPods.length > 0 ? problem(trouble) : advice(trouble)];
}

const isBridge = ({ type }: Device): boolean => type === 'bridge';

/** kproxy does not set it, because a host that forwards IPv6 no longer listens to router advertisements. */
function forwardingOfIpv6(facts: Facts): readonly Judgement[] {
  const path = 'net/ipv6/conf/all/forwarding';
  if (facts.ipv6Lacks !== undefined || facts.parameters.values.get(path) !== '0') return [];
  return [
    advice({
      what: `${dotted(path)} is 0`,
      why: 'If the cluster has IPv6 Services, balanced IPv6 packets do not reach Pods on other nodes.',
      fix: sysctlFix(facts, path, '1'),
    }),
  ];
}

const nearlyFull = 0.9;

function connections(facts: Facts): readonly Judgement[] {
  const { values } = facts.parameters;
  const count = Number(values.get('net/netfilter/nf_conntrack_count') ?? 0);
  const most = Number(values.get('net/netfilter/nf_conntrack_max') ?? 0);
  if (!(most > 0) || count < most * nearlyFull) return [];
  return [
    problem({
      what: `conntrack has ${count} of at most ${most} connections`,
      why: 'When the table is full, the kernel drops packets of new connections.',
      fix: sysctlFix(facts, 'net/netfilter/nf_conntrack_max', String(most * 2)),
    }),
  ];
}
