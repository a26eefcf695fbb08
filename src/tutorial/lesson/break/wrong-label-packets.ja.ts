import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 7：ラベルとパケット',
  question: {
    ask:
      '誰かがまた web-yuanying のラベルを打ち間違えました。今回はコントローラが起きていたので、Endpoints からアドレスが消えます。' +
      'inajob では誰も何もしていません。inajob から Service を 4 回呼ぶと、どうなるでしょうか？',
    choices: {
      a: '4 回とも web-inajob が返事をする。Endpoints には、そのアドレスしかないから。',
      b: '何事もなかったかのように、二つの Pod が交互に返事をする。',
      c: '2 回に 1 回失敗する。もう Service の Pod ではないから。',
    },
    because: [
      '正解は b です。パケットは Endpoints もラベルも読みません。パケットが出会うのはワーカノードのカーネルにあるものだけで、そこでは' +
        '今も二つの Real Server が順番を待っています。a は、カーネルがクラスタを読みに行くと思っています。',
      'c は、Pod が自分のラベルを見て断ると思っています。ラベルが書いてあるのは事務所にある Pod の名札で、Pod 本体ではありません。' +
        'Web サーバは動いていて、呼ばれれば誰にでも返事をします。',
      'ラベル、セレクタ、Endpoints は、いわば書類です。誰かがワーカノードごとに実行して、初めて効き目があります。止まってしまった' +
        ' kube-proxy になかなか気付けないのも、このためです。止まった瞬間の設定のまま、すべてが動き続けます。',
    ],
  },
  tasks: [
    {
      before: ['第 1 幕と同じ打ち間違いです。`web` が `wbe` になりました。'],
      hint: 'master で、`kubectl label pod` に Pod の名前、ラベル、`--overwrite` を渡します。',
      why: ['ネットワークでは何も変わっていません。クラスタのオブジェクトで、フィールドの文字が一つ変わっただけです。'],
    },
    {
      before: ['コントローラは、すぐに仕事をします。'],
      hint: 'master で `kproxy endpoints web-service` を実行します。',
      why: [
        '実験 6 の Web サーバは、Ready でないアドレスのリストに移りました。今回は、アドレスそのものがなくなります。' +
          'セレクタに当てはまらないからです。',
      ],
    },
    {
      before: ['inajob から 4 回呼びます。'],
      hint: 'inajob で、いつものループを 1 2 3 4 にして実行します。',
      why: ['Endpoints のアドレスは一つだけです。見比べてみてください。'],
    },
    {
      before: ['大事なのは、IPVS に何があるかです。'],
      hint: 'inajob で、Virtual Server の一覧を表示します。',
      why: ['Weight はどちらの行も 1 です。「事務所ではもう知らない人」という列は、カーネルにはありません。'],
    },
  ],
};
