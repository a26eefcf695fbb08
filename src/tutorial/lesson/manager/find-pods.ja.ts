import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '条件で探す',
  tasks: [
    {
      before: [
        '`-l` はラベル（label）の l です。Service と同じ条件で、つまりラベル `app=web` の付いた Pod だけを表示します。',
      ],
      hint: 'Pod の一覧に、`-l` と Service のセレクタを付けます。',
      why: [
        'コントローラは、Service や Pod が変わるたびにこの条件で探し直します。' +
          'だから、新しい Pod が増えても、名前を教えてもらう必要がありません。見るのはラベルだけです。' +
          'どのノードで動いているか、中身がどんなプログラムかは関係ありません。',
      ],
    },
  ],
  after: [
    '3 つのうち 2 つです。' +
      'client-inajob のラベルは `app=client` なので、まじめな Pod なのに仲間には入れません。' +
      '管理者はアドレスを 2 つ書き留めて、仕事をした気分になりました。',
  ],
};
