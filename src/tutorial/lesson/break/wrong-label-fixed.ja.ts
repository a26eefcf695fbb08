import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 7：作業者が書類を読む',
  tasks: [
    {
      before: [
        '`kproxy diff` は、事務所の書類とワーカノードのカーネルの両方を読みます。食い違いは、ここで見つかります。',
      ],
      hint: 'inajob で、`kproxy diff` に 2 つのオプションを付けます。',
      why: ['Web サーバが止まったときと同じ違いです。作業者は理由を知りませんし、知る必要もありません。'],
    },
    {
      before: ['作業者は、書類に書いてあるとおりに作業します。'],
      hint: 'inajob で、`kproxy sync` に 2 つのオプションを付けます。',
      why: ['書類のほうが間違っていても、kproxy は従います。管理者の本心を推し量るのは、新人の仕事ではありません。'],
    },
    {
      before: ['4 回アクセスします。web-yuanying は元気に動いているのに、何も来ません。'],
      hint: 'inajob で、いつものループを 1 2 3 4 にして実行します。',
      why: [
        '元気な Pod に何も届かないときは、ラベルを疑ってください。' +
          '`kubectl get pod --show-labels` のラベルと、' +
          '`kubectl get service -o wide` のセレクタを見比べます。',
      ],
    },
  ],
};
