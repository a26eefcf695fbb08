import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'The card for your wallet',
  paragraphs: [
    'A Service is a VIP that no machine has, a selector, and a list of addresses. This is what you did for it by hand:',
    {
      picture: `on master       1  the Endpoints object, from the selector and the Pods' labels
on inajob      23  commands that change the kernel:
  the set       1  KUBE-CLUSTER-IP: all VIPs with their ports
  the rules    15  4 chains, 7 rules, 4 jumps. They are made once.
                     KUBE-SERVICES     is it for a Service? Then mark it, maybe.
                     KUBE-MARK-MASQ    writes the mark
                     KUBE-POSTROUTING  marked? Then the node is the source.
                     KUBE-FORWARD      lets answers pass a DROP policy
  the node      2  vs/conntrack, kube-ipvs0
  the Service   5  entry, address, virtual server, two real servers`,
    },
    'The full profile adds this, and these packets would go wrong without it:',
    {
      picture: `KUBE-LOOP-BACK     a Pod that is balanced to itself: it would see its own
                   address as the source, and drop the packet
KUBE-IPVS-FILTER   a packet to the VIP, but to another port: it would reach
KUBE-IPVS-IPS      whatever listens on this port of the node
KUBE-SERVICES      a packet from 127.0.0.0/8: it means this machine, and must
                   not be treated as one for a Service
KUBE-POSTROUTING   a packet that passes a second time, in another network
                   namespace: it would be masqueraded twice. And two
                   connections at the same moment could choose the same
                   source port (--random-fully)
KUBE-FORWARD       an answer from outside the Pods' network, to a client
                   that is outside as well: no rule would accept it
net.ipv4.vs.       a connection to a real server that is gone: it would
                   hang instead of ending (expire_nodest_conn). A client
                   with session affinity: it would stay with a Pod that
                   takes no connections (expire_quiescent_template)`,
    },
    'What comes next:',
    {
      picture: `kproxy explain SERVICE     what happens to a packet here, and why
kproxy diff                what is wrong with a node
kproxy sync --dry-run      the commands, each with its reason, to read first
kproxy sync --watch        stays, and follows the cluster, as kube-proxy does
kproxy endpoints --watch   does the same for the manager`,
    },
    'On a real node, start with `kproxy diff`: it only reads. README.md says how to install it, and what must not ' +
      'run beside it (kube-proxy, for one).',
    'Inazu-kun has been promoted. He now explains to others what kproxy does, and they ask him why it is so simple. ' +
      'The manager has signed this card without reading it, which is a form of trust.',
  ],
};
