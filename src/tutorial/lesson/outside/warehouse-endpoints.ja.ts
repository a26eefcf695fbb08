import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: 'Pod ではないアドレス',
  tasks: [
    {
      before: [
        '第 1 幕と同じように、自分でリストを書きます。今回はラベルで探す必要がありません。書くのは、地下にあるマシンの' +
          'アドレスです。どのワーカノードにもいないので、`nodeName` もありません。',
        '二つのオブジェクトを結び付けるのは名前です。Endpoints の `warehouse` は、Service の `warehouse` のものになります。',
      ],
      hint: 'master で、web-service のときと同じ書式で、名前を warehouse、アドレスを一つにします。',
      why: [
        'こんなことができるのは、kube-proxy が Pod ではなく Endpoints を読むからです。間にリストを挟んであるので、' +
          'VIP の後ろには何でも置けます。よその部署のデータベースでも、いつかクラスタに引っ越すマシンでも構いません。' +
          '引っ越しても、呼ぶ側は気付きません。',
      ],
    },
    {
      before: ['二つの Service と、その後ろにいるものです。どちらが Pod なのか、この一覧から分かりますか？'],
      hint: 'master で `kubectl get` を使います。種類はコンマで並べられます。',
      why: ['分かりません。どのネットワークが Pod のものかを知っていれば別ですが、ワーカノードも気にしていません。'],
    },
  ],
};
