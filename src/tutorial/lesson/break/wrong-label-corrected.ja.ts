import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 7：3 文字直して、3 手間',
  tasks: [
    {
      before: ['ラベルを直すのは、コマンド 1 つです。'],
      hint: 'master で、先ほどのコマンドを `app=web` にして実行します。',
      why: ['そして、またしても何も起きません。理由はもうおわかりですね。'],
    },
    {
      before: ['その結果を行き渡らせるには、あと 2 つ必要です。まずはコントローラです。'],
      hint: 'master で `kproxy endpoints web-service` を実行します。',
      why: ['アドレスが 2 つに戻ります。'],
    },
    {
      before: ['そして、作業者です。'],
      hint: 'inajob で、`kproxy sync` に 2 つのオプションを付けます。',
      why: [
        '本物のクラスタでは、どちらも変更をずっと待ち構えているので、この 2 手間は 1 秒もかかりません。' +
          '`kproxy endpoints --watch` と `kproxy sync --watch` がそれに当たります。',
      ],
    },
    {
      before: ['2 回アクセスします。Pod も 2 つです。'],
      hint: 'inajob で、いつものループを実行します。',
      why: ['ラベル、コントローラ、作業者、カーネル。パケットが従うのは、一番最後です。'],
    },
  ],
};
