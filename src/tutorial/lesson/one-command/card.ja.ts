import type { PageText } from '../step.js';

export const ja: PageText = {
  title: 'お持ち帰りカード',
  paragraphs: [
    'Service とは、VIP と、セレクタと、アドレスの一覧のことです。' +
      'それをワーカノードが 1 台ずつ、自分のところのクライアントのために実現します。' +
      '手で行ったのは、次の作業です。',
    {
      picture: `master で        1  セレクタとラベルから Endpoints を作る
inajob で       23  カーネルを変えるコマンド
  set            1  KUBE-CLUSTER-IP: すべての VIP とポート
  ルール        15  チェイン 4、ルール 7、ジャンプ 4。作るのは一度だけ
                      KUBE-SERVICES     Service 宛なら、必要に応じてマーク
                      KUBE-MARK-MASQ    マークを付ける
                      KUBE-POSTROUTING  マークがあれば、送信元をノードに
                      KUBE-FORWARD      DROP でも応答は通す
  ノード         2  vs/conntrack と kube-ipvs0
  Service ごと   5  エントリ、アドレス、Virtual Server、Real Server 2 つ`,
    },
    '次に試すなら、このあたりです。',
    {
      picture: `kproxy explain SERVICE     パケットに何が起きるのか、なぜそうなるのか
kproxy diff                ノードのどこが間違っているのか
kproxy sync --dry-run      実行前に、コマンドを理由付きで読む
kproxy sync --watch        常駐してクラスタに追従する (kube-proxy の仕事)
kproxy endpoints --watch   管理者の仕事も同じように`,
    },
    '本物のノードでは、読むだけの `kproxy diff` から始めてください。' +
      'インストールの方法と、一緒に動かしてはいけないもの（たとえば kube-proxy）は、README.md にあります。' +
      'kube-proxy には、iptables だけ、あるいは nftables だけを使うモードもあります。' +
      'IPVS のモードは、Kubernetes では非推奨になりました。どのモードでも、Service は同じです。',
    '稲津くんは昇進して、いまは kproxy の仕組みを後輩に教えています。' +
      '「なんでこんなに簡単なんですか」と聞かれるそうです。管理者は、このカードを読まずに承認しました。' +
      'これも一種の信頼です。',
  ],
};
