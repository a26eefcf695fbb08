import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 7：三文字直して、三手間',
  tasks: [
    {
      before: ['ラベルを直すのは、コマンド一つです。'],
      hint: 'master で、先ほどのコマンドを `app=web` にして実行します。',
      why: ['そして、またしても何も起きません。理由はもうお分かりですね。'],
    },
    {
      before: ['その結果を行き渡らせるには、あと二つ必要です。まずはコントローラです。'],
      hint: 'master で `kproxy endpoints web-service` を実行します。',
      why: ['アドレスが二つに戻ります。'],
    },
    {
      before: ['そして、ワーカノードです。'],
      hint: 'inajob で、`kproxy sync` に二つのオプションを付けます。',
      why: [
        '本物のクラスタでは、どちらも変更をずっと待ち構えているので、この二手間は 1 秒もかかりません。' +
          '`kproxy endpoints --watch` と `kproxy sync --watch` がそれに当たります。',
      ],
    },
    {
      before: ['2 回呼びます。Pod も二つです。'],
      hint: 'inajob で、いつものループを実行します。',
      why: ['ラベル、コントローラ、ワーカノード、カーネル。パケットが従うのは、一番最後です。'],
    },
  ],
};
