import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: 'Pod ではないアドレス',
  tasks: [
    {
      before: [
        '第 1 幕と同じように、自分で一覧を書きます。今回はラベルで探す必要がありません。' +
          '書くのは、地下にあるマシンのアドレスです。' +
          'どのワーカノードにもいないので、`nodeName` もありません。',
        '2 つのオブジェクトを結び付けるのは名前です。' +
          'Endpoints の `warehouse` は、Service の `warehouse` のものになります。',
      ],
      hint: 'master で、web-service のときと同じ書式で、名前を warehouse、アドレスを 1 つにします。',
      why: [
        'こんなことができるのは、kube-proxy が Pod ではなく Endpoints の一覧を読むからです。' +
          '間に一覧を挟んであるので、VIP の裏には何でも置けます。' +
          'よその部署のデータベースでも、いつかクラスタに引っ越すマシンでもかまいません。' +
          '引っ越しても、クライアントは気づきません。',
        'いまどきのクラスタなら、EndpointSlice を書くところです。手で書いた Endpoints も使えます。' +
          'コントローラが EndpointSlice に写してくれるからです。',
      ],
    },
    {
      before: ['2 つの Service と、その裏にいるものです。どちらが Pod なのか、この一覧からわかるでしょうか。'],
      hint: 'master で `kubectl get` を使います。種類はコンマで並べられます。',
      why: ['わかりません。どのネットワークが Pod のものかを知っていれば別ですが、作業者も気にしていません。'],
    },
  ],
};
