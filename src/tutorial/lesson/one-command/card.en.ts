import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'The card for your wallet',
  paragraphs: [
    'A Service is a VIP, a selector, and a list of addresses, and each worker carries it out for its own ' +
      'callers. This is what you did for it by hand:',
    {
      picture: `on master       1  the Endpoints object, from the selector and the labels
on inajob      23  commands that change the kernel:
  the set       1  KUBE-CLUSTER-IP: all VIPs with their ports
  the rules    15  4 chains, 7 rules, 4 jumps. They are made once.
                     KUBE-SERVICES     for a Service? Then mark it, maybe.
                     KUBE-MARK-MASQ    writes the mark
                     KUBE-POSTROUTING  marked? Then the node is the source.
                     KUBE-FORWARD      lets answers pass a DROP policy
  the node      2  vs/conntrack, kube-ipvs0
  the Service   5  entry, address, virtual server, 2 real servers`,
    },
    'What comes next:',
    {
      picture: `kproxy explain SERVICE     what happens to a packet here, and why
kproxy diff                what is wrong with a node
kproxy sync --dry-run      the commands, each with its reason, to read first
kproxy sync --watch        stays, and follows the cluster, as kube-proxy does
kproxy endpoints --watch   does the same for the manager`,
    },
    'On a real node, start with `kproxy diff`: it only reads. README.md says how to install it, and what ' +
      'must not run beside it (kube-proxy, for one). kube-proxy has other modes, which use iptables or ' +
      'nftables alone; Kubernetes has deprecated its IPVS mode. The Service stays the same in all of them.',
    'Inazu-kun has been promoted. He now explains to others what kproxy does, and they ask him why it is so simple. ' +
      'The manager has signed this card without reading it, which is a form of trust.',
  ],
};
