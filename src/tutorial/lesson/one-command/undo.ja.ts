import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: 'すべて片付ける',
  tasks: [
    {
      before: [
        '稲津くんの昇進が決まり、まずは机を空にすることになりました。' +
          '`kproxy cleanup` は、Service に関わるものをこのワーカノードからすべて取り除きます。' +
          'Virtual Server、ジャンプ、チェイン、set、そして kube-ipvs0 とそのアドレスです。' +
          '第 2 幕と第 3 幕で打ったものも、なくなります。',
      ],
      hint: '`kproxy cleanup` にオプションはいりません。',
      why: [
        'kproxy は、kube-proxy と同じ名前で自分の持ち物を見分け、作るときとは逆の順番で取り除きます。' +
          'まず Virtual Server、次にジャンプ、それからその先にあったものです。' +
          '`vs/conntrack` は 1 のまま残します。ほかのソフトウェアが当てにしているかもしれないからです。',
      ],
    },
    {
      before: ['IPVS に何か残っているでしょうか。'],
      hint: 'Virtual Server の一覧を表示します。',
      why: ['見出しは ipvsadm が必ず表示するものです。Virtual Server があれば、その下に並びます。'],
    },
    {
      before: ['VIP はどうでしょうか。'],
      hint: 'inajob で、web-service の VIP に `curl -m 1` でアクセスします。',
      why: [
        'Service も Endpoints もクラスタに残っています。第 1 幕の終わりと同じで、また紙の上だけのアドレスに戻りました。',
      ],
    },
  ],
};
