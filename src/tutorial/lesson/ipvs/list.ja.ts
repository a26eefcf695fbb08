import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '最初のアクセスの前に',
  tasks: [
    {
      before: [
        'アクセスする前に、稲津くんは自分の仕事を点検します。' +
          '`-L` は Virtual Server の一覧、`-n` は名前ではなく数字で表示するという指定です。',
      ],
      hint: '`ipvsadm` に文字を 2 つ付けます。一覧（list）と数字（number）です。',
      why: [
        '`-n` がないと、ipvsadm はアドレス 1 つずつについてネームサーバに名前を問い合わせます。' +
          'ネームサーバがなければ、そこで待たされます。',
        'これは IPVS が実際に使っている表です。Service や Pod という言葉はどこにも出てきません。' +
          'カーネルは、Kubernetes という名前を聞いたことすらないのです。',
      ],
    },
  ],
  after: [
    'Virtual Server が 1 行、Real Server が矢印で 1 行ずつです。' +
      'ActiveConn は開いている接続と開きかけの接続の数、InActConn は閉じたばかりのものなど、' +
      'それ以外の接続の数です。まだありません。すぐに増えます。',
  ],
};
