import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 6：知らせがカーネルに届くまで',
  tasks: [
    {
      before: [
        'まずは管理者の番です。`kproxy endpoints` は、コントローラの仕事をします。' +
          'Service の Pod を調べて、Ready な Pod のアドレスを書き込みます。',
      ],
      hint: 'master で、`kproxy endpoints` に Service の名前を渡します。',
      why: [
        'web-yuanying のアドレスは、消えたわけではありません。' +
          '同じオブジェクトの中の、Ready でないアドレスの一覧に移ります。' +
          '`kubectl get endpoints web-service -o yaml` で両方見られます。ラベルはまだ付いているからです。',
      ],
    },
    {
      before: [
        '次は作業者の番です。' +
          'Endpoints の一覧には Ready なアドレスが 1 つ、IPVS には Real Server が 2 つあります。' +
          '`kproxy diff` が 2 つ目をどうしようとしているのか、読んでみてください。',
      ],
      hint: 'inajob で、`kproxy diff` に 2 つのオプションを付けます。',
      why: [
        '重み（weight）は、新しい接続をどれだけ割り当てるかを表します。' +
          '接続が 1 つも残っていなければ、`kproxy diff` はすぐに削除しようとします。',
      ],
    },
    {
      before: [
        'この Real Server を、順番から外します。重みが 0 なら、新しい接続は来ません。' +
          'すでにある接続はそのまま使えます。ダウンロード中の人を、途中で放り出さずに済みます。',
      ],
      hint: '`kproxy sync` に 2 つのオプションを付けます。',
      why: [
        'IPVS は、終わった接続を 2 分間覚えています。その間、Real Server は重み 0 のまま残ります。' +
          'そのあとで `kproxy sync` を実行すると、削除されます。' +
          '`kproxy sync --watch` なら、放っておいても削除します。',
      ],
    },
    {
      before: ['4 回アクセスします。順番が回ってくる Pod は、1 つだけになりました。'],
      hint: 'inajob で、いつものループを実行します。',
      why: [
        '処理能力は半分になりましたが、利用者はもう何も気づきません。' +
          'アドレスは変わらず、裏にいる顔ぶれだけが変わる。それが Service の狙いです。',
      ],
    },
  ],
  after: [
    '知らせを運んだのは 3 人です。気づいた人（kubelet）、コントローラ、そして kube-proxy。' +
      'この中の 1 人でも居眠りしている間は、2 回に 1 回が失敗します。',
  ],
};
