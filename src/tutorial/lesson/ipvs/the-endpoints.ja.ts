import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '裏にいるのは誰か',
  tasks: [
    {
      before: ['管理者のトレイから、2 枚目の書類を取り出します。稲津くんは Pod を探したりしません。一覧を読みます。'],
      hint: '`kubectl get` に、管理者が書いたオブジェクトの種類を指定します。',
      why: [
        'アドレスを Pod からではなく一覧から取るので、Service は柔軟になります。' +
          '一覧に載っているものなら、Pod でもそうでなくても、接続が振り分けられます。' +
          'あとで、Pod ではないものを載せてみます。',
      ],
    },
  ],
  after: [
    'アドレスが 2 つ、どちらもポートは 8080 です。' +
      'Service の裏にいる Pod について、作業者が知るのはこの一覧だけです。',
  ],
};
