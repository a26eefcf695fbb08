import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 3：アドレスを元に戻す',
  tasks: [
    {
      before: [
        '今度の違いは `the node itself` ではなく、`default/web-service` の下に出てきます。このアドレスは一つの Service の' +
          'ものだからです。ルールとデバイスは、すべての Service が共用します。',
      ],
      hint: '`kproxy diff` に二つのオプションを付けます。',
      why: [
        'Service が増えたときの仕事の増え方が、ここから分かります。ルールはワーカノードごとに一度作ればおしまいです。' +
          'Service ごとに増えるのは、set のエントリ、アドレス、Virtual Server、Real Server だけです。',
      ],
    },
    {
      before: ['足りないものは一つだけなので、足すのも一つだけです。'],
      hint: '`kproxy sync` に二つのオプションを付けます。第 3 幕のように `ip addr add` でも構いません。',
      why: [
        'また 10.254.10.128/32 になりました。周りのネットワークを伴わない、アドレス一つだけという意味です。どの VIP もこの形で付けるので、一つ外しても、ほかの VIP には影響しません。',
      ],
    },
    {
      before: ['Pod から 2 回呼びます。'],
      hint: 'client-inajob で、いつものループを実行します。',
      why: [
        'どちらの Pod にも 10.244.1.9 が見えます。Pod がクライアントのときは、アドレスがそのまま使われるからです。',
      ],
    },
  ],
};
