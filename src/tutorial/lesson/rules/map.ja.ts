import type { PageText } from '../step.js';

export const ja: PageText = {
  title: 'カーネルの地図',
  paragraphs: [
    'パケットはカーネルの中で、フックと呼ばれる決まった地点を通ります。' +
      '届いたときに PREROUTING、このマシン宛なら INPUT、通り過ぎるだけなら FORWARD、' +
      'このマシンのプログラムが送ったものなら OUTPUT、出ていくときに POSTROUTING です。',
    {
      picture: [
        '   Pod から、または外から                 inajob のプログラムから',
        '               |                                     |',
        '   PREROUTING  |  KUBE-SERVICES              OUTPUT  |  KUBE-SERVICES',
        '               v                                     |',
        '        このマシン宛？ --- いいえ --+                |',
        '               | はい               |                |',
        '   INPUT       |           FORWARD  |  KUBE-FORWARD  |',
        '               v                    |                |',
        '             IPVS <-----------------|---- VIP 宛 ----+',
        '               |  Pod を選ぶ        |',
        '               v                    v',
        '   POSTROUTING ---- KUBE-POSTROUTING ---------------------',
        '               |                    |',
        '               v                    v',
        '            Pod へ               クライアントへの応答',
      ].join('\n'),
    },
    'フックには、組み込みのチェインがあります。チェインとは、ルールの並びです。' +
      'パケットは上から順にルールと比べられ、どれかが扱いを決めたところで終わります。' +
      'ルールは、パケットを別のチェインに送ることもできます。これをジャンプと呼びます。' +
      'そこで何も決まらなければ、元の場所に戻って続きます。' +
      '地図の KUBE- で始まるチェインは、まだありません。これから自分で書きます。',
    'チェインは目的別のテーブルに入ります。' +
      'nat テーブルのルールはアドレスを書き換え、filter テーブルのルールは通すかどうかを決めます。' +
      'KUBE-FORWARD は filter、ほかの KUBE- チェインは nat にあります。',
    '作戦はこうです。' +
      'どのパケットをマスカレードするかは、まだ VIP が見えているうちに KUBE-SERVICES で決めます。' +
      '一方、送信元を書き換えられるのは POSTROUTING だけで、そのときにはもう、' +
      'IPVS が VIP を書き換えてしまっています。' +
      'つまり KUBE-POSTROUTING は、前に何が決まったのかを知らなければなりません。その方法は次のステップで。',
    'IPVS は Pod の応答も見ています。場所は FORWARD、inajob 自身がアクセスしたときは INPUT です。' +
      'そこで VIP に戻します。',
  ],
};
