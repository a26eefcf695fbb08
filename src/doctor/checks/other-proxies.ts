import { quoteWord } from '../../script/quote.js';
import type { Facts, RunningProxy } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { asRoot } from '../fixes/as-root.js';
import type { DoctorCheck } from './check.js';

export const otherProxies: DoctorCheck = {
  name: 'other proxies',
  judge(facts) {
    const found = [...facts.proxies.map(proxy => running(proxy, facts)), ...cilium(facts)];
    return found.length > 0 ? found : [ok('no other proxy runs on this node')];
  },
};

function running(proxy: RunningProxy, facts: Facts): Judgement {
  const { name, process, consequence, words } = proxy;
  const what = `${name} runs on this node too (process ${process})`;
  if (name === 'kube-proxy') return kubeProxy(proxy, what, facts);
  // Its own virtual servers stay as they are.
  if (name !== 'kube-router') return ok(`${what}: ${consequence}`);
  if (words.includes('--run-service-proxy=false')) return ok(`${what}, without its service proxy`);
  return problem({
    what,
    why: `kube-router ${consequence}`,
    fix:
      'kubectl -n kube-system get daemonset kube-router -o yaml | ' +
      'sed s/--run-service-proxy=true/--run-service-proxy=false/ | kubectl apply -f -',
  });
}

function kubeProxy(proxy: RunningProxy, what: string, facts: Facts): Judgement {
  const mode = facts.kubeProxyMode;
  return problem({
    what: mode === undefined ? what : `${what}, in ${mode} mode`,
    why:
      mode === undefined || mode === 'ipvs'
        ? `kube-proxy ${proxy.consequence}`
        : 'Packets meet its rules before IPVS, so that kproxy serves nothing. Stop it, and remove what it leaves.',
    fix: stopCommand(proxy, facts),
  });
}

/** The patch keeps kube-proxy off the nodes with the label `kproxy`, and on all others. */
const keepOff = JSON.stringify({
  spec: {
    template: {
      spec: {
        affinity: {
          nodeAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: {
              nodeSelectorTerms: [{ matchExpressions: [{ key: 'kproxy', operator: 'DoesNotExist' }] }],
            },
          },
        },
      },
    },
  },
});

function stopCommand({ manager, process }: RunningProxy, { machine, cluster }: Facts): string {
  if (manager === undefined) return asRoot(machine, `kill ${process}`);
  if (manager !== 'pod') return asRoot(machine, `systemctl disable --now ${quoteWord(manager)}`);
  const node = cluster.node.is === 'read' && cluster.node.value.isKnown ? cluster.node.value.name : undefined;
  const name = node === undefined ? '"$(hostname)"' : quoteWord(node);
  return (
    `kubectl label node ${name} kproxy=yes && ` +
    `kubectl -n kube-system patch daemonset kube-proxy --type merge -p '${keepOff}'`
  );
}

/** The devices of Cilium, whichever way it connects Pods. */
const ciliumDevices: ReadonlySet<string> = new Set(['cilium_host', 'cilium_net', 'cilium_vxlan']);

function cilium({ devices }: Facts): readonly Judgement[] {
  const found = devices.is === 'read' ? devices.value.find(({ name }) => ciliumDevices.has(name)) : undefined;
  if (found === undefined) return [];
  return [
    advice({
      what: `Cilium connects the Pods of this node (device ${found.name})`,
      why:
        'With kube-proxy replacement, Cilium itself balances Services before packets meet IPVS. The command shows ' +
        'whether it does.',
      fix: 'kubectl -n kube-system exec ds/cilium -- cilium-dbg status | grep KubeProxyReplacement',
    }),
  ];
}
