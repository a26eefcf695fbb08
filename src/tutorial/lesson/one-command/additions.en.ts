import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'What the full profile adds',
  paragraphs: [
    'Left: what the full profile adds or changes. Right: the packet that goes wrong without it.',
    {
      picture: `KUBE-LOOP-BACK     A Pod that is balanced to itself. It would see its own
                   address as the source, and drop the packet.

KUBE-IPVS-FILTER   A packet to the VIP, but to another port. It would reach
KUBE-IPVS-IPS      whatever listens on this port of the worker.

KUBE-SERVICES      A packet from 127.0.0.0/8. It means this very machine, and
                   must not be treated as one for a Service.

KUBE-POSTROUTING   A packet that is still marked when it passes a second time:
                   it would be masqueraded twice. And two connections that
                   begin at the same moment: they could choose the same source
                   port (--random-fully).

KUBE-FORWARD       An answer from outside the Pods' network to a caller who
                   is outside, too. A policy of DROP would drop it.

net.ipv4.vs...     A packet to a real server that is gone. Its connection
                   would hang, not end (expire_nodest_conn). And a caller
                   that always gets the same Pod: it would stay with a Pod of
                   weight 0 (expire_quiescent_template).

net.netfilter...   A late packet of a connection that one side has closed. It
                   would be forgotten after a minute (close_wait). And a new
                   connection: dead ones would fill the table (established).`,
    },
    'There is more if a Service asks for it: ports on the nodes themselves (the type NodePort), ' +
      'addresses for callers from outside (LoadBalancer), lists of allowed callers. It is made of the same ' +
      'parts: sets, rules, and a virtual server for each address and port.',
  ],
};
