import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: 'VIP を set に入れる',
  tasks: [
    {
      before: [
        'ルールは set に問い合わせるので、VIP を set に入れておく必要があります。' +
          'エントリは、アドレス、プロトコル、ポートの組で書きます。',
      ],
      hint: '`ipset add set の名前 エントリ` です。プロトコルはポートの前に、コロンでつなぎます。`tcp:80` のようになります。',
      why: [
        'この 1 行で、すべてのルールがこの Service にも効くようになります。' +
          'Service が増えたときも、ルールのためにすることはこれだけです。' +
          '入れ忘れても IPVS は振り分けますが、VIP 宛のパケットにマークが付かず、マスカレードもされません。',
      ],
    },
  ],
  after: ['set にエントリが 1 つ入りました。ルールには触っていません。'],
};
