import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 4：FORWARD は知らないものを捨てる',
  question: {
    ask:
      'inajob がパケットを転送していると聞いて、セキュリティ部が青ざめました。' +
      'さっそく FORWARD チェインのポリシーを DROP にします。' +
      'どのルールにも許可されない転送パケットは、捨てられます。`KUBE-FORWARD` は作ったときのままです。' +
      'Pod の client-inajob が Service に 2 回アクセスすると、どうなるでしょうか。',
    choices: {
      a: '2 回とも応答がある。通すべきものは `KUBE-FORWARD` が通すから。',
      b: 'web-inajob からだけ応答がある。同じマシンにいるので、転送がいらないから。',
      c: '2 回とも応答がない。Pod が送るものは、すべて転送が必要だから。',
    },
    because: [
      'VIP へのリクエストは、そもそも転送されません。' +
        'VIP は inajob のアドレスなので、パケットは INPUT に入り、そこで IPVS が受け取ります。' +
        'IPVS が Pod に送るパケットは、inajob 自身のパケットと同じように、' +
        'OUTPUT と POSTROUTING を通って出ていきます。（地図では、この OUTPUT を省きました。' +
        'nat テーブルの判断はもう済んでいて、ここでは参照されないからです。）',
      {
        picture: `  行き  PREROUTING - INPUT - IPVS - OUTPUT - POSTROUTING --> Pod
  帰り  PREROUTING - FORWARD - POSTROUTING --> クライアント
                       (IPVS が送信元を VIP に戻す)`,
      },
      'FORWARD を通るのは、Pod への応答だけです。' +
        '応答は conntrack が知っている接続に属しているので ESTABLISHED となり、' +
        '`KUBE-FORWARD` のルールが許可します。',
      '10.244.2.2 に直接アクセスしたときは、そうはいきません。' +
        '最初のパケットから転送されるうえに、まだどの接続にも属していません。' +
        '許可するルールがないので、ポリシーの出番です。つまり c は、Service 以外については正しい答えです。' +
        'b は Pod の居場所を気にしていますが、ここでは関係ありません。' +
        'どちらのリクエストも転送されず、どちらの応答も転送されます。',
    ],
  },
  tasks: [
    {
      before: [
        '`-P` は、組み込みチェインのポリシーを設定します。ここが DROP になっているマシンは珍しくありません。' +
          'たとえば Docker が DROP にします。',
      ],
      hint: '`iptables -P` に、チェインとポリシーを渡します。テーブルは filter なので、`-t` はいりません。',
      why: [
        'ポリシーは、ルールではなくチェインに付いています。' +
          'すべてのルールとジャンプが終わっても決まらないときに、最後に使われます。',
      ],
    },
    {
      before: ['Pod から Service に 2 回アクセスします。'],
      hint: 'client-inajob で、いつものループを実行します。',
      why: ['変化したところの `KUBE-FORWARD` のカウンタを見てください。数えているのは応答のパケットです。'],
    },
    {
      before: [
        '今度は同じ Pod から、Service を使わずに web-yuanying に直接アクセスします。' +
          '経路はありますし、間に邪魔なものもありません。変わったのはポリシーだけです。',
      ],
      hint: 'client-inajob で、10.244.2.2 のポート 8080 にアクセスします。',
      why: [
        'DROP のポリシーで実際に壊れるのは、Pod 同士のネットワークです。' +
          'Pod 同士が直接話せるようにするのは Service の仕事ではなく、kube-proxy の仕事でもありません。' +
          'そのためのルールは、Pod のネットワークを作るソフトウェアが追加します。',
      ],
    },
    {
      before: [
        '`-L CHAIN -v -n` は、チェインをカウンタ付きで、名前を引かずに表示します。' +
          'FORWARD の行にあるのは、ポリシーで捨てたパケットの数です。' +
          '`KUBE-FORWARD` の行を見ると、何がどの理由で許可されたのかわかります。',
      ],
      hint: '`iptables -L` を FORWARD と KUBE-FORWARD に対して 1 回ずつ実行します。カウンタは `-v` です。',
      why: ['予告どおり、マークのルールは 0 のままです。IPVS が送るパケットは FORWARD を通りません。'],
    },
  ],
};
