import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 3：アドレスを元に戻す',
  tasks: [
    {
      before: [
        '今回の違いは `the node itself` ではなく、`default/web-service` の下に出てきます。' +
          'このアドレスは 1 つの Service のものだからです。' +
          'ルールとデバイスは、すべての Service が共用します。',
      ],
      hint: '`kproxy diff` に 2 つのオプションを付けます。',
      why: [
        'Service が増えたときの仕事の増え方が、ここからわかります。' +
          'ルールはワーカノードごとに一度作ればおしまいです。' +
          'Service ごとに増えるのは、set のエントリ、アドレス、Virtual Server、Real Server だけです。',
      ],
    },
    {
      before: ['足りないものは 1 つだけなので、足すのも 1 つだけです。'],
      hint: '`kproxy sync` に 2 つのオプションを付けます。第 3 幕のように `ip addr add` でもかまいません。',
      why: [
        'また 10.254.10.128/32 になりました。' +
          '周りのネットワークを伴わない、アドレス 1 つだけという意味です。' +
          'どの VIP もこの形で付けるので、1 つ外しても、ほかの VIP には影響しません。',
      ],
    },
    {
      before: ['Pod から 2 回アクセスします。'],
      hint: 'client-inajob で、いつものループを実行します。',
      why: [
        'どちらの Pod にも 10.244.1.9 が見えます。Pod がクライアントのときは、アドレスがそのまま使われるからです。',
      ],
    },
  ],
};
