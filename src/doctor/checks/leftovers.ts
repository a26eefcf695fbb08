import type { Leftover } from '../../node/other-modes.js';
import { plural, someText } from '../../text.js';
import type { Facts, Machine } from '../facts.js';
import { advice, type Judgement, ok, problem } from '../finding.js';
import { asRoot, scriptAsRoot } from '../fixes/as-root.js';
import { installCommand } from '../fixes/install.js';
import type { DoctorCheck } from './check.js';

export const leftovers: DoctorCheck = {
  name: 'leftovers',
  judge(facts) {
    const ofModes = facts.rules.is === 'read' ? facts.rules.leftovers.map(one => ofMode(one, facts.machine)) : [];
    const found = [...ofModes, ...ofKubeRouter(facts)];
    const isRead = facts.rules.is === 'read' && facts.devices.is === 'read';
    return found.length > 0 || !isRead ? found : [ok('no other proxy has left anything')];
  },
};

const why = 'Packets meet it before IPVS: it may reject a Service, or send it to endpoints that are gone.';

/**
 * Removes only what the iptables mode has and IPVS mode has not. kube-proxy --cleanup does the same, but most nodes
 * have no such program.
 */
const removeChains =
  'for p in iptables ip6tables; do ' +
  '$p-save -t nat | grep -Ev "KUBE-(SVC|SVL|SEP|EXT|FW|XLB)-|KUBE-NODEPORTS" | $p-restore; ' +
  '$p-save -t filter | grep -Ev "KUBE-(SERVICES|EXTERNAL-SERVICES|NODEPORTS)" | $p-restore; done';

function ofMode(leftover: Leftover, machine: Machine): Judgement {
  switch (leftover.mode) {
    case 'iptables': {
      const { chains } = leftover;
      const names = `the ${plural(chains.length, 'chain')} ${someText(chains)}`;
      return problem({
        what: `kube-proxy's iptables mode has left ${names}`,
        why,
        fix: scriptAsRoot(machine, removeChains),
      });
    }
    case 'nftables': {
      const { tables } = leftover;
      const remove = tables.map(table => `delete table ${table}`).join('; ');
      return problem({
        what: `kube-proxy's nftables mode has left the ${plural(tables.length, 'table')} ${someText(tables)}`,
        why,
        fix: asRoot(machine, `nft "${remove}"`),
      });
    }
    case 'unlisted':
      return advice({
        what: 'nftables rules balance packets on this node, and the tool nft cannot list them',
        why: "They may be those of kube-proxy's nftables mode, which packets meet before IPVS.",
        fix: installCommand(machine, ['nft']),
      });
  }
}

/** The device on which kube-router's service proxy binds VIPs. */
const kubeRouterDevice = 'kube-dummy-if';

function ofKubeRouter({ devices, proxies, machine }: Facts): readonly Judgement[] {
  if (proxies.some(({ name }) => name === 'kube-router')) return [];
  if (devices.is === 'unread' || !devices.value.some(({ name }) => name === kubeRouterDevice)) return [];
  return [
    problem({
      what: `kube-router has left the device ${kubeRouterDevice}`,
      why: 'Its addresses stay local to the node, also those of Services that no longer exist.',
      fix: asRoot(machine, `ip link delete ${kubeRouterDevice}`),
    }),
  ];
}
