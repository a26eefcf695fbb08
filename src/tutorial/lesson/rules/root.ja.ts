import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: 'root になる',
  tasks: [
    {
      before: [
        '書類が inajob に届きました。稲津くんは 2 回読み、指を鳴らし、root になります。' +
          'カーネルのテーブルを変更できるのは root だけだからです。' +
          '`sudo` は root としてコマンドを実行し、`su` は root のシェルを起動します。',
      ],
      hint: '`sudo su` です。プロンプトの最後が `#` に変わります。',
      why: [
        'カーネルのテーブルは、このマシンのすべてのユーザ、すべてのプログラムのパケットに影響します。' +
          'だから、変更できるのは root だけです。',
        'このあとのコマンドには、もう root なのに `sudo` が付いているものがあります。害はありません。' +
          'root が root になるだけです。',
      ],
    },
  ],
  after: ['これから inajob のプロンプトは `#` です。大いなる力には、大いなるコマンド一覧が伴います。'],
};
