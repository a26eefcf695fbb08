import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 6：知らせがカーネルに届くまで',
  tasks: [
    {
      before: [
        'まずは管理者の番です。`kproxy endpoints` は、コントローラの仕事をします。Service の Pod を調べて、Ready なものの' +
          'アドレスを書き込みます。',
      ],
      hint: 'master で、`kproxy endpoints` に Service の名前を渡します。',
      why: [
        'web-yuanying のアドレスは、消えたわけではありません。同じオブジェクトの中の、Ready でないアドレスのリストに移ります。' +
          '`kubectl get endpoints web-service -o yaml` で両方見られます。ラベルはまだ付いているからです。',
      ],
    },
    {
      before: [
        '次はワーカノードの番です。Endpoints には Ready なアドレスが一つ、IPVS には Real Server が二つあります。' +
          '`kproxy diff` が二つ目をどうしようとしているのか、読んでみてください。',
      ],
      hint: 'inajob で、`kproxy diff` に二つのオプションを付けます。',
      why: [
        'weight（重み）は、新しい接続をどれだけ割り当てるかを表します。0 なら、まったく割り当てません。ただし、すでにある接続は' +
          'そのまま使えます。ダウンロード中の人を、途中で放り出さずに済みます。接続が一つも残っていなければ、`kproxy diff` は' +
          'すぐに削除しようとします。',
      ],
    },
    {
      before: ['この Real Server を、順番から外します。'],
      hint: '`kproxy sync` に二つのオプションを付けます。',
      why: [
        'IPVS は、終わった接続を 2 分間覚えています。その間、Real Server は weight 0 のまま残ります。そのあとで ' +
          '`kproxy sync` を実行すると、削除されます。`kproxy sync --watch` なら、放っておいても削除します。',
      ],
    },
    {
      before: ['4 回呼びます。順番が回ってくる Pod は、もう一つだけです。'],
      hint: 'inajob で、いつものループを実行します。',
      why: [
        '処理能力は半分になりましたが、利用者はもう何も気付きません。アドレスは変わらず、後ろにいる顔ぶれだけが変わる。' +
          'それが Service の狙いです。',
      ],
    },
  ],
  after: [
    '動いた人を数えてみましょう。気付いた人（kubelet）、コントローラ、そして kube-proxy です。' +
      'この中の誰か一人でも居眠りしている間は、2 回に 1 回が失敗します。',
  ],
};
