import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '裏に誰もいない VIP',
  tasks: [
    {
      before: [
        '書類は半分しかそろっていませんが、作業者はできるところまでやっておきます。' +
          'ここからはフルプロファイルを使うので、`--profile tutorial` は付けません。',
        '何が変わったのかを見てください。ルールは 1 つも増えていません。' +
          '2 つ目の Service で増えたのは、アドレス、Virtual Server、' +
          'そして 2 つの set に 1 つずつのエントリだけです。（KUBE-IPVS-IPS はフルプロファイルの set です。）',
      ],
      hint: 'inajob で、`kproxy sync` に `--cluster-cidr 10.244.0.0/16` を付けます。',
      why: [
        'set を使うのは、このためです。' +
          '`KUBE-SERVICES` の「set に入っているか」という質問は、' +
          'Service が 2 個でも 1 万個でも変わりません。',
      ],
    },
    {
      before: ['アクセスしてみます。'],
      hint: 'inajob で、新しい VIP に `curl -m 1` でアクセスします。',
      why: [
        'Virtual Server はあっても Real Server がなく、送り先がありません。IPVS はすぐに断ります。' +
          '黙っているより親切です。クライアントが待たずに済みます。',
      ],
    },
    {
      before: ['新人は何と言うでしょうか。'],
      hint: 'inajob で、`kproxy explain warehouse` に同じオプションを付けます。',
      why: [
        'Real Server のない Virtual Server に断られても、プロセスのいない Pod に断られても、' +
          'curl から見れば同じ `(7)` です。どちらなのかは、説明を読めばわかります。',
      ],
    },
  ],
};
