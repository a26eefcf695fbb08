import type { ExerciseText } from '../step.js';

export const ja: ExerciseText = {
  title: '注文書を読み直す',
  tasks: [
    {
      before: [
        '登録された注文書は `kubectl get` で読みます。`-o wide` を付けると、Service の一覧にセレクタも表示されます。',
      ],
      hint: '`kubectl get service` に、Pod の一覧で使ったオプションを付けます。',
      why: [
        '列の意味です。CLUSTER-IP は VIP のことで、こちらが正式な名前です。' +
          '`PORT(S)` はクライアントがアクセスするポートです。' +
          'TYPE の ClusterIP は「クラスタの中からアクセスするためのアドレス」という、' +
          '最も基本的な種類の Service です。EXTERNAL-IP は別の種類の Service で使います。' +
          'SELECTOR が Pod を見つける条件です。',
      ],
    },
    {
      before: [
        'いまのは要約です。`-o yaml` を付けると、ユーザの代わりに補われた部分も含めて、オブジェクト全体が表示されます。',
      ],
      hint: '`kubectl get service` のあとに Service の名前を書き、出力の形式を `-o` で指定します。',
      why: [
        'ユーザのファイルと見比べてください。省略されていた `protocol` などが補われています。' +
          'おかげで、Service を読むプログラムは「書いていないときはどういう意味か」を知らなくて済みます。' +
          '`annotations` の下の長い行は、kubectl が自分のために残したメモで、apply したファイルの内容です。',
      ],
    },
  ],
  after: [
    '「ないもの」に注目してください。Pod の名前も、Pod のアドレスもありません。' +
      'Service が持っているのは `app: web` という条件だけです。誰かがこの条件で探さなければなりません。' +
      '管理者はため息をついて、名簿に手を伸ばします。',
  ],
};
