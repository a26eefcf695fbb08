import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'A map of the kernel',
  paragraphs: [
    'Each packet passes certain points in the kernel, the hooks: PREROUTING when it arrives, INPUT if it ' +
      'is for this machine, FORWARD if it only passes through, OUTPUT if a program here sends it, and ' +
      'POSTROUTING when it leaves.',
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
    'At each hook there are built-in chains. A chain is a list of rules. They are compared with the ' +
      'packet from top to bottom, until one decides. A rule can also send the packet through another ' +
      'chain: a jump. If no rule there decides, the packet goes on where it was. The KUBE- chains on the ' +
      'map do not exist yet. You write them.',
    'Chains are kept in tables, by purpose: the rules of the table nat change addresses, and those of ' +
      'the table filter let packets pass or not. KUBE-FORWARD is in filter, the other KUBE- chains are in ' +
      'nat.',
    'The plan: KUBE-SERVICES decides which packets are masqueraded, while the VIP is still in them. But ' +
      'the source may be changed only at POSTROUTING, and by then IPVS has replaced the VIP. So ' +
      'KUBE-POSTROUTING has to learn what was decided. You will see how.',
    'IPVS also sees the answers of the Pods, at FORWARD, or at INPUT if inajob itself has called. There ' +
      'it puts the VIP back.',
  ],
};
