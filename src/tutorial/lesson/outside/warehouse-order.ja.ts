import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '誰も選ばない Service',
  question: {
    ask:
      '地下の倉庫には、warehouse という古いマシンがあります。アドレスは 192.168.33.50 です。クラスタより年上で、Pod ではなく、' +
      '電源を切る勇気のある人もいません。クラスタの中のプログラムからは、ほかと同じように VIP で呼びたいそうです。' +
      'そこで、セレクタのない Service の注文が来ました。コントローラは何を書くでしょうか？',
    choices: {
      a: 'すべての Pod を並べた Endpoints。条件がなければ、全部当てはまるから。',
      b: '何も書かない。この Service には手を出さない。',
      c: 'アドレスが空の Endpoints。',
    },
    because: [
      '正解は b です。セレクタのない Service は、「アドレスは自分で用意します」という意思表示です。c のように空のリストを' +
        '書いてしまうと、持ち主が手で書いたアドレスまで消えてしまいます。',
      'a のような「条件なしは全部」という決まりは、ほかではよくあります。しかしここで採用すると、社内のすべての Pod が' +
        '倉庫になってしまいます。',
    ],
  },
  tasks: [
    {
      before: [
        '注文書です。名前、VIP、ポートがあるのは web-service と同じです。違いは一つだけで、`selector` がありません。',
      ],
      hint: 'master で、`kubectl apply -f -` に標準入力からオブジェクトを渡します。名前と clusterIP に注意してください。',
      why: [
        '普通は `clusterIP` を省いて、空いているアドレスをクラスタに選んでもらいます。ここでは、あとのコマンドに' +
          'アドレスを書けるように、あらかじめ決めておきます。',
      ],
    },
    {
      before: ['この Service の Endpoints を、コントローラに頼んでみます。'],
      hint: 'master で、`kproxy endpoints` に新しい Service の名前を渡します。',
      why: ['Kubernetes 本来のコントローラも、同じ理由で同じようにします。'],
    },
    {
      before: ['Endpoints はあるでしょうか。'],
      hint: 'master で、`kubectl get endpoints` に名前を渡します。',
      why: ['ここではエラーが吉報です。これから手で書く場所が、ちゃんと空いています。'],
    },
  ],
};
