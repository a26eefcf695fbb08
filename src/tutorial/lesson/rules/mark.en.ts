import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A note on the packet',
  tasks: [
    {
      before: [
        'The decision travels as a mark: a number that the kernel keeps beside a packet while it is ' +
          'on this machine. The packet itself is not changed. A small chain gets the job of marking. ' +
          '`-t` names the table, and `-N` creates a new chain in it.',
      ],
      hint: '`iptables -t TABLE -N CHAIN`. The chain is KUBE-MARK-MASQ.',
      why: [
        'The chains are written from the inside out: a rule can only jump to a chain that exists. ' +
          'So the one to which others will jump comes first. As long as no rule jumps to it, it has ' +
          'no effect.',
      ],
    },
    {
      before: [
        'Its only rule. `-A` appends a rule to a chain; without a condition it is for every packet ' +
          'that gets here. `-j` names the action: `MARK` changes the mark, here it sets the bit ' +
          '0x4000. (The second 0x4000 is the mask: all other bits stay as they are.)',
      ],
      hint: '`iptables -t nat -A CHAIN -j MARK --set-xmark VALUE/MASK`. Value and mask are the same bit, 0x4000.',
      why: [
        'One bit is enough for "masquerade this one". Other software on the machine may use other ' +
          'bits of the mark, and the mask keeps them safe. Which bit it is does not matter, as long ' +
          "as all chains mean the same; 0x4000 is kube-proxy's choice.",
        'Without this rule, nothing would ever be masqueraded: a caller that needs it would wait for an ' +
          'answer in vain. Later you will try it.',
      ],
    },
  ],
  after: ['A chain with one rule, and no packet has ever been there. Inazu-kun likes it that way: quiet.'],
};
