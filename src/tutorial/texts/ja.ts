import type { StepWords, Texts } from './texts.js';

const stepOf = ({ number, count, title }: StepWords): string => `ステップ ${number}/${count}「${title}」`;

export const ja: Texts = {
  keys: {
    shell: 'シェル',
    hint: 'ヒント',
    why: '理由',
    back: '前',
    skip: '次',
    reset: '復元',
    list: '一覧',
    step: 'ステップへ移動',
    language: 'en',
    help: '説明',
    quit: '終了',
  },
  enter: {
    run: '実行',
    read: '次へ',
    guess: '予想しない',
    next: '次へ',
    anew: '最初から',
  },
  start: {
    act: ({ number, title }) => `第 ${number} 幕　${title}`,
    preparing: 'Linux カーネルを起動し、小さな会社のネットワークを組み立てています ...',
    ready: ({ release, seconds }) =>
      `Linux ${release} の準備ができました（${seconds} 秒）。` +
      '普通のプログラムとして動いているので、このマシンには何の変更も加えません。' +
      'レッスンが終われば、跡形もなく消えます。',
    welcomeBack: (step, lesson) =>
      `おかえりなさい。${stepOf(step)}から再開します。` + `最初からやり直すには ${lesson} --fresh を実行してください。`,
    finishedBefore:
      'このレッスンは修了済みです。Enter で最初から始まります。' +
      '見直したいステップがあれば step 番号 と入力してください。番号は l で一覧できます。',
  },
  task: {
    runOrType: 'Enter で実行します。自分で入力しても、少し変えてみてもかまいません。',
    moved: '変わったところ：',
    done: 'できました。',
    doneBefore: 'もう済んでいます。マシンは、このコマンドを実行したあとの状態になっています。',
    unexpectedExit: ({ code, expected }) =>
      `コマンドの終了コードは ${code} でした。本来なら ${expected} になるはずです。`,
    exit: code => `終了コードは ${code} です。`,
    interrupted: 'コマンドを中断しました。',
    timedOut: 'コマンドが終わらないので、打ち切りました。',
    stillRunning:
      'コマンドはまだ実行中です。Ctrl-C で中断できます。ここで入力してもコマンドには届きません。入力を待つプログラムは、' +
      's でシェルを開いて実行してください。',
    wantsTerminal: '画面全体を使うプログラムなので中断しました。s でシェルを開いて、そこで実行してください。',
    noMachine:
      'このステップでは作業するマシンが決まっていません。マシンを指定して実行してください。例：on inajob ipvsadm -Ln',
    unknownMachine: ({ name, machines }) =>
      `${name} というマシンはありません。使えるのは ${machines.join('、')} です。`,
    nothingToSay: 'ここには補足がありません。',
  },
  question: {
    onlyChoices: 'a、b、c のどれかで答えてください。Enter なら予想せずに進みます。',
    guessed: guess => `予想は ${guess} ですね。では、パケットに聞いてみましょう。`,
    right: answer => `予想は ${answer} でした。正解です。`,
    wrong: ({ guess, answer }) => `予想は ${guess} でしたが、正解は ${answer} です。`,
    answer: answer => `正解は ${answer} です。`,
  },
  moves: {
    restoring: step => `すべてのマシンを、${stepOf(step)}を始めるときの状態に戻しています ...`,
    restored: seconds => `戻しました（${seconds} 秒）。`,
    firstStep: 'ここが最初のステップです。',
    skipping: '次のステップで必要になるので、このステップの残りを実行しておきます。',
    skipFailed:
      'いまのマシンの状態では、うまくいかないコマンドがありました。次のステップを始めるときの状態にそろえます。',
    unknownStep: ({ name, count }) =>
      name === ''
        ? `step 3 のように、番号か ID でステップを指定してください。番号は 1 から ${count} までです。`
        : `${name} というステップはありません。番号は 1 から ${count} までで、l で一覧できます。`,
    unknownLanguage: name => `${name} には対応していません。en か ja を指定してください。`,
    lost: reason => `マシンが止まってしまいました（${reason}）。新しいマシンで、このステップを最初からやり直します。`,
    listFoot: 'ステップへ移動するには step 番号 と入力します。',
  },
  shell: {
    opens: machine => `${machine} のシェルを開きます。レッスンに戻るには exit と入力するか、Ctrl-D を押してください。`,
    ended: 'レッスンに戻りました。',
    failed: reason => `シェルを開けませんでした：${reason}`,
    alreadyOffered: lesson =>
      `レッスンがもう 1 つ動いています。${lesson} shell で開くシェルは、そちらのマシンにつながります。`,
    notOffered: (reason, lesson) => `${lesson} shell からこのレッスンには接続できません：${reason}`,
  },
  recorded: {
    begins:
      'この環境ではカーネルを動かせないので、記録済みの出力を表示しながら進めます。' +
      '最後まで読み進められますが、自分で考えたコマンドを試すことはできません。',
    mark: '記録済みの出力：',
    noTyping: 'カーネルが動いていないため、記録があるのは表示されているコマンドだけです。Enter で出力を表示します。',
    finished:
      'レッスンはこれで終わりです。出力は記録済みのものでした。カーネルを動かせる環境では、実際に試すことができます。',
    noShell: 'カーネルが動いていないので、シェルを開けるマシンがありません。',
  },
  progress: {
    damaged: path => `${path} は進み具合の記録として読めません。最初から始めて、新しい記録で置き換えます。`,
    unreadable: ({ path, reason }) => `進み具合を ${path} から読めませんでした（${reason}）。最初から始めます。`,
    unwritable: ({ path, reason }) =>
      `進み具合を ${path} に保存できません（${reason}）。このまま続けられますが、次回は最初からになります。`,
  },
  end: {
    leftUnkept: (step, lesson) => `${lesson} --step ${step.number} を実行すると、${stepOf(step)}から再開します。`,
    left: (step, lesson) => `進み具合を保存しました。${lesson} を実行すると、${stepOf(step)}から再開します。`,
    finished: 'レッスンはこれで終わりです。マシンはすべて消えました。お使いのマシンには何も残っていません。',
  },
  joined: {
    restarted: 'レッスンがマシンを元の状態に戻しました。ここからは新しいシェルです。',
    lessonEnded: 'レッスンが終わったので、マシンもなくなりました。',
  },
  help: lesson => [
    'Enter を押すと、表示されているコマンドを実行します。' +
      '自分で入力しても、別のコマンドを試してもかまいません。入力したコマンドは同じマシンで実行されます。' +
      'どう入力したかではなく、マシンが目的の状態になれば完了です。',
    '`on マシン名 コマンド` で、ほかのマシンや Pod でも実行できます。例：`on client-inajob curl 10.254.10.128`',
    '`s` はそのステップのマシンで、`s マシン名` は指定したマシンでシェルを開きます。' +
      'マシンは master、inajob、yuanying、web-inajob、client-inajob、web-yuanying、warehouse です。' +
      `別の端末からは \`${lesson} shell マシン名\` で同じことができます。`,
    '`h` はヒントを出します。`w` はそのコマンドがなぜ必要なのかを説明します。',
    '`b` は前のステップへ、`r` はこのステップの最初へ、`step 番号` は好きなステップへ移ります。' +
      'マシンもそのときの状態に戻ります。`k` はこのステップの残りを実行して次へ進みます。' +
      '`l` はステップの一覧、`?` はこの説明です。',
    '`g` で言語を切り替えます。`q` で終了します。`quit`、`exit`、Ctrl-D、Ctrl-C でも終了できます。' +
      'コマンドの実行中に Ctrl-C を押すと、コマンドだけが中断されます。' +
      '入力途中の行があれば、その行だけが消えます。',
    'キーと同じ名前のコマンドを実行したいときは、` w` のように先頭に空白を入れてください。',
    'ヒアドキュメント、閉じていない引用符、ループなどは複数行で入力できます。続きは `> ` のあとに入力してください。',
  ],
};
