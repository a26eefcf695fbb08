import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 6：Web サーバが出社する',
  tasks: [
    {
      before: ['良い知らせも、同じ順番で伝わります。まずは Web サーバです。'],
      hint: 'web-yuanying で、`web stop` の反対をします。',
      why: ['Pod は Ready に戻りましたが、リクエストはまだ来ません。inajob に誰も伝えていないからです。'],
    },
    {
      before: ['次はコントローラです。'],
      hint: 'master で `kproxy endpoints web-service` を実行します。',
      why: ['アドレスが、Ready なほうの一覧に戻ります。'],
    },
    {
      before: ['最後に作業者です。Real Server は新しく追加されるのでしょうか、それとも重みが戻るだけでしょうか。'],
      hint: 'inajob で、`kproxy sync` に 2 つのオプションを付けます。',
      why: [
        '答えは、ここまで読むのにかかった時間によります。' +
          'IPVS に重み 0 で残っていれば、重みが 1 に戻ります。すでに削除されていれば、追加されます。' +
          '大事なのは過去の経緯ではなく、いまカーネルに何があるかです。',
      ],
    },
    {
      before: ['2 回アクセスします。Pod も 2 つです。'],
      hint: 'inajob で、いつものループを実行します。',
      why: ['IPVS は、重みが 0 でない行に順番を回します。'],
    },
  ],
};
