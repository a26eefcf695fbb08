import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: 'すべての VIP を入れる set',
  tasks: [
    {
      before: [
        'まずは空の set を作ります。名前は `KUBE-CLUSTER-IP` で、kube-proxy と同じです。' +
          'Cluster IP とは、Service の VIP のことです。' +
          '`hash:ip,port` は型で、「IP アドレス、プロトコル、ポート」を 1 組として入れるという意味です。' +
          'あとで、すべての Service の VIP がここに入ります。',
      ],
      hint: '`ipset create 名前 型` です。',
      why: [
        '最初に作るのは、ルールが参照できるのは存在する set だけだからです。' +
          `なければ iptables は「Set KUBE-CLUSTER-IP doesn't exist.」と言って、ルールを受け付けません。`,
        '`hash` は、エントリの置き場所をエントリ自身から計算するという意味です。' +
          'だから、5 個でも 5,000 個でも、調べる時間は変わりません。' +
          'ポートも一緒に入れるのは、Service が「アドレスとポートの組」だからです。' +
          'VIP の 81 番ポートは、どの Service のものでもありません。',
      ],
    },
  ],
  after: ['空の set ができました。名前と型はこれで決まりです。これから変わるのは中身だけです。'],
};
