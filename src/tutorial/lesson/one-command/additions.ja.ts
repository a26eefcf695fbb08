import type { PageText } from '../step.js';

export const ja: PageText = {
  title: 'フルプロファイルで増えるもの',
  paragraphs: [
    '左は追加または変更されるもの、右はそれがないと困るパケットです。',
    {
      picture: `KUBE-LOOP-BACK     自分自身に振り分けられた Pod のパケット。送信元が自分の
                   アドレスに見えて、捨ててしまう。

KUBE-IPVS-FILTER   VIP 宛で、ポートが違うパケット。ワーカノードがそのポート
KUBE-IPVS-IPS      で待っている、無関係なプログラムに届いてしまう。

KUBE-SERVICES      127.0.0.0/8 からのパケット。このマシン自身のことなので、
                   Service 宛として扱ってはいけない。

KUBE-POSTROUTING   マークが付いたままもう一度通るパケット。二重にマスカレード
                   されてしまう。また、同時に始まった 2 つの接続。送信元ポート
                   がぶつかることがある (--random-fully)。

KUBE-FORWARD       Pod ネットワークの外から外への応答。ポリシーが DROP なら
                   捨てられてしまう。

net.ipv4.vs...     もうない Real Server へのパケット。接続が終わらずに固まって
                   しまう (expire_nodest_conn)。また、いつも同じ Pod に
                   つながるクライアント。重みが 0 の Pod から離れられない
                   (expire_quiescent_template)。

net.netfilter...   片側が閉じた接続の、遅れて来るパケット。1 分で忘れられて
                   しまう (close_wait)。また、新しい接続。切れたままの接続で
                   表がいっぱいになってしまう (established)。`,
    },
    'Service に頼まれたときだけ現れるものは、ほかにもあります。' +
      'ノード自身のポート（NodePort 型）、外のクライアントのためのアドレス（LoadBalancer 型）、' +
      '許可するクライアントの一覧などです。部品は同じです。' +
      'set とルール、そしてアドレスとポートごとの Virtual Server です。',
  ],
};
