import type { InLanguages } from '../../../../src/tutorial/language.js';
import type { Choice, Paragraph } from '../../../../src/tutorial/lesson/step.js';
import type { LineMark } from '../../../../src/tutorial/page/page.js';

export interface SampleTexts {
  readonly act: string;
  readonly step: string;
  readonly longStep: string;
  readonly paragraphs: readonly Paragraph[];
  readonly moved: string;
  readonly lines: Readonly<Record<LineMark, string>>;
  readonly ask: string;
  readonly choices: Readonly<Record<Choice, string>>;
  /** In the order of `sampleKeys`. */
  readonly keys: readonly string[];
}

export const sampleKeys = ['Enter', 's', 'h', 'w', 'b', 'k', 'r', 'l', 'g', '?', 'q'];

const picture = `
  client ───▶ 10.254.10.128:80 ─┬─▶ 10.244.1.3:8080
                                └─▶ 10.244.2.2:8080
`;

export const sampleTexts: InLanguages<SampleTexts> = {
  en: {
    act: 'Act 2. The worker on inajob: sets and rules',
    step: 'A set for all cluster IPs',
    longStep: 'A set, a rule and a chain, which take longer to name than to type, as always in an office',
    paragraphs: [
      'A rule for each Service would keep Inazu-kun busy until he retires, and the kernel too: it reads rules one by ' +
        'one. A set answers at once. `KUBE-CLUSTER-IP` holds each address with its port, and one rule ' +
        'asks it: `-m set --match-set KUBE-CLUSTER-IP dst,dst`. That’s all …',
      { picture },
      'A lone ` is no word.',
      'A blank before a letter is kept: ` w`.',
    ],
    moved: 'What moved:',
    lines: {
      done: 'The set is there, and takes an address with a port.',
      missing: 'The entry is there, but its port is 8080. The port of the Service is 80, so no packet finds it there.',
      note: 'What you type runs on `inajob`.',
      error: 'The command ended with exit code 7, and 0 was expected.',
      recorded: 'Recorded answer:',
    },
    ask: 'The label of web-yuanying is mistyped: `app=wbe`. What happens to the Endpoints object?',
    choices: {
      a: 'It loses the address by itself.',
      b: 'Nothing, until a controller compares the labels with the selector of the Service again.',
      c: 'The Service is rejected.',
    },
    keys: ['run', 'shell', 'hint', 'why', 'back', 'skip', 'reset', 'list', 'lang', 'help', 'quit'],
  },
  ja: {
    act: '第 2 幕　inajob で働く稲津くん：set とルール',
    step: 'すべての Cluster IP をひとつの set に',
    longStep: 'set とルールとチェイン。打ち込むより名前を読むほうが時間がかかるのは、どの会社でも同じことです',
    paragraphs: [
      'Service が増えるたびにルールを書き足していたら、稲津くんは定年まで帰れません。上から順に読むカーネルも' +
        '同じ目に遭います。set なら一度で済みます。`KUBE-CLUSTER-IP` にはアドレスとポートの組（10.254.10.128:80 など）' +
        'が入り、ルールがひとつ、それを引きます：`-m set --match-set KUBE-CLUSTER-IP dst,dst`。',
      { picture },
      'まだ「作っただけ」です。\nどのルールもこの set を\n見ていません。',
    ],
    moved: '変わったところ：',
    lines: {
      done: 'set ができています。アドレスとポートの組を入れられます。',
      missing: 'エントリはありますが、ポートが 8080 です。Service のポートは 80 なので、どのパケットも一致しません。',
      note: '入力した行は `inajob` で実行されます。',
      error: 'コマンドの終了コードは 7 でした。本来なら 0 になるはずです。',
      recorded: '記録済みの出力：',
    },
    ask: 'web-yuanying のラベルが `app=wbe` と書き間違えられました。Endpoints オブジェクトはどうなるでしょうか。',
    choices: {
      a: 'そのアドレスがひとりでに消える。',
      b: 'コントローラがもう一度ラベルを Service のセレクタと照らし合わせるまで、何も起こらない。',
      c: 'Service が拒否される。',
    },
    keys: ['実行', '端末', '助言', '理由', '戻る', '次へ', '最初', '一覧', '言語', '説明', '終了'],
  },
};
