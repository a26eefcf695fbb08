import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '実在するサーバ',
  tasks: [
    {
      before: [
        'Virtual Server の裏にいるサーバを Real Server と呼びます。ここでは Pod です。' +
          '`-a` は `-t` の Virtual Server に Real Server を追加し、`-r` でそのアドレスとポートを指定します。' +
          '`-m` を付けると、IPVS は宛先を書き換えます。VIP の 80 番から、Pod の 8080 番へ。',
      ],
      hint:
        '最初の 2 行で変数を設定します。次に `ipvsadm -a` です。' +
        '`-t` に Virtual Server、`-r` に Real Server を書き、`-m` を付けます。',
      why: [
        '`-m` は masquerading の略で、IPVS は自分の DNAT をこう呼びます。' +
          '送信元を書き換える iptables の MASQUERADE とは別物です。' +
          '1 つのカーネルに、同じ言葉で違う意味が 2 つ。いまのところ、誰も謝っていません。',
        '`-m` がないと、ipvsadm は Route という方式を選びます。' +
          'IPVS はパケットを書き換えずに Pod へ送ります。Pod は VIP を持っていないので、受け取りません。' +
          'しかも Route ではポートを変えられないので、ipvsadm は 8080 と書いても黙って 80 にします。',
      ],
    },
    {
      before: ['もう 1 つ追加します。変数は、シェルがまだ覚えています。'],
      hint: '同じコマンドを、もう一方の変数で実行します。',
      why: [
        '追加する順番は、振り分けには影響しません。どこから始めても順番に回ります。',
        '実は、最初の Real Server を追加した時点で、VIP は応答するようになっていました。' +
          'Real Server はいつでも追加や削除ができます。' +
          '新しい接続は、そのときの一覧に従って振り分けられます。',
      ],
    },
  ],
  after: [
    'Real Server が 2 つ、どちらも Masq、重みは 1 です。' +
      '（rr では、重み 0 なら新しい接続を受けず、それ以外はみな同じ扱いです。）これが最後の部品でした。',
  ],
};
