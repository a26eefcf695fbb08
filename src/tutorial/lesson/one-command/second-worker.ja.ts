import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '二台目のワーカノード',
  tasks: [
    {
      before: [
        'yuanying は、これまで Pod を置いていただけでした。何も設定していないので、そこからは誰も Service を呼べませんでした。' +
          'マシンが変わっても、コマンドは同じです。どのノードなのかは、kproxy がホスト名から判断します。',
      ],
      hint: 'yuanying で、inajob と同じ `kproxy sync` を実行します。',
      why: [
        '`vs/conntrack` のスイッチはマシンごとに別々で、yuanying ではまだ 0 でした。' +
          '最後の行で、追加のほかに変更が一つあるのはそのためです。',
      ],
    },
    {
      before: ['yuanying から 2 回呼びます。Pod に見えるアドレスを、inajob から呼んだときと比べてください。'],
      hint: 'yuanying で、いつものループを実行します。',
      why: [
        '中央のロードバランサはありません。どのワーカノードも、自分のところから始まる接続を、自分の表と自分の順番で振り分けます。' +
          'ですから、どのワーカノードにも同じ作業が必要です。千台のワーカノードがあれば、千人の稲津くんが必要になります。',
      ],
    },
  ],
};
