import { always, type ChainRules, masqueradeMark } from './rule-context.js';

export const kubeMarkMasq: ChainRules = {
  table: 'nat',
  name: 'KUBE-MARK-MASQ',
  why: 'marks a packet whose source must become this node, so that the answer comes back through it',
  rules: context => [
    always(
      'POSTROUTING masquerades what has this mark; the decision falls here, where the VIP is still to be seen',
      '-j',
      'MARK',
      '--set-xmark',
      masqueradeMark(context),
    ),
  ],
};
