import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'A map of the kernel',
  paragraphs: [
    'Each packet passes certain points in the kernel, the hooks: PREROUTING when it arrives, INPUT ' +
      'if it is for this machine, FORWARD if it only passes through, OUTPUT if a program here has ' +
      'sent it, and POSTROUTING when it leaves.',
    {
      picture: [
        '   from a Pod, or from outside            from a program on inajob',
        '               |                                     |',
        '   PREROUTING  |  KUBE-SERVICES              OUTPUT  |  KUBE-SERVICES',
        '               v                                     |',
        '        for this machine? --- no ---+                |',
        '               | yes                |                |',
        '   INPUT       |           FORWARD  |  KUBE-FORWARD  |',
        '               v                    |                |',
        '             IPVS <-----------------|--- to a VIP ---+',
        '               |  picks a Pod       |',
        '               v                    v',
        '   POSTROUTING ---- KUBE-POSTROUTING ---------------------',
        '               |                    |',
        '               v                    v',
        '            to a Pod             an answer, back to the caller',
      ].join('\n'),
    },
    'At each hook there are built-in chains. A chain is a list of rules. The kernel compares a ' +
      'packet with them from top to bottom, until one decides. A rule may also send the packet ' +
      'through another chain: a jump. If no rule there decides, the packet comes back and goes on ' +
      'where it was. The KUBE- chains on the map are not built in. You write them now.',
    'Chains are kept in tables, by purpose: the rules of the table nat change addresses, and those ' +
      'of the table filter let packets pass or not. KUBE-FORWARD is in filter, the other KUBE- chains ' +
      'are in nat. At FORWARD (and at INPUT, if inajob itself has called) IPVS also sees the answers ' +
      'of the Pods, and puts the VIP back.',
    'The plan: KUBE-SERVICES decides which packets must be masqueraded, while the VIP can still be ' +
      'seen in them. IPVS replaces it. Only at POSTROUTING may the source be changed, so ' +
      'KUBE-POSTROUTING has to know what was decided before. You will see how.',
  ],
};
