import { always, type ChainRules, masqueradeMark } from './rule-context.js';

export const kubeMarkMasq: ChainRules = {
  table: 'nat',
  name: 'KUBE-MARK-MASQ',
  why: 'Marks packets whose source must become this node, so that the answer comes back through it.',
  rules: context => [
    always(
      'POSTROUTING masquerades marked packets. The decision is made here, while the VIP is still visible.',
      '-j',
      'MARK',
      '--set-xmark',
      masqueradeMark(context),
    ),
  ],
};
