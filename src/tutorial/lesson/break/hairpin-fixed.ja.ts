import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実験 8：フルプロファイル',
  tasks: [
    {
      before: [
        '`--profile tutorial` を外すと、kproxy はフルプロファイルを使います。' +
          '本物のクラスタで kube-proxy が設定するもの全部です。' +
          'それを基準にすると、web-inajob のパケットには何が足りないのでしょうか。' +
          '`tail` で理由だけ残します。',
      ],
      hint: '`kproxy explain web-service --source pod/web-inajob` を、`--profile tutorial` なしで実行します。',
      why: [
        '足りないのは、set とルールです。' +
          'set KUBE-LOOP-BACK には、このワーカノードにいて Service の裏にいる Pod ごとに、宛先アドレス、' +
          'ポート、そして送信元として同じアドレスを入れます。' +
          'ルールは、この set に当てはまるパケットをマスカレードします。' +
          'つまり、自分自身に戻ってくるパケットだけが対象です。',
      ],
    },
    {
      before: [
        'kproxy にフルプロファイルを設定してもらいましょう。ヘアピン対策以外にも、いくつか追加されます。' +
          '何がどのパケットのために増えたのかは、最後の幕の終わりで見ます。',
      ],
      hint: '`kproxy sync` に `--cluster-cidr 10.244.0.0/16` だけを付けて実行します。プロファイルは指定しません。',
      why: [
        'エントリは `10.244.1.3,tcp:8080,10.244.1.3` です。web-yuanying の分はありません。' +
          'web-yuanying が自分に送るパケットは、自分のワーカノードの yuanying を通るからです。',
      ],
    },
    {
      before: ['もう一度、web-inajob から 4 回アクセスします。自分に応答するとき、Pod には誰が見えるでしょうか。'],
      hint: 'web-inajob で、いつものループを 1 2 3 4 にして実行します。',
      why: [
        '10.244.1.1 は、Pod のネットワークでの inajob のアドレスです。' +
          'Pod は inajob に応答し、そこですべてが元に戻されます。' +
          'web-yuanying のほうは変わらず、10.244.1.3 が見えます。',
      ],
    },
    {
      before: ['最後に、注釈のない表を見ましょう。'],
      hint: '`kproxy explain web-service` に `--cluster-cidr` だけを付けて実行します。',
      why: ['終了コードは 0 です。どの種類のクライアントにも、どの Pod からも応答があります。'],
    },
  ],
  after: [
    'これで障害週間は終わりです。稲津くんは 8 つの実験を終え、原因を自分で見つけられるようになりました。' +
      '管理者は本を棚に戻し、大成功だったと報告するそうです。',
  ],
};
