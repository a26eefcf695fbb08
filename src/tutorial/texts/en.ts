import type { StepWords, Texts } from './texts.js';

const stepOf = ({ number, count, title }: StepWords): string => `step ${number} of ${count} (${title})`;

export const en: Texts = {
  keys: {
    shell: 'shell',
    hint: 'hint',
    why: 'why',
    back: 'back',
    skip: 'skip',
    reset: 'reset',
    list: 'list',
    step: 'go to a step',
    language: 'ja',
    help: 'help',
    quit: 'quit',
  },
  enter: {
    run: 'run',
    read: 'go on',
    guess: 'no guess',
    next: 'next step',
    anew: 'start over',
  },
  start: {
    act: ({ number, title }) => `Act ${number}. ${title}`,
    preparing: 'Booting a Linux kernel and building the network of a small company ...',
    ready: ({ release, seconds }) =>
      `Linux ${release} is ready after ${seconds} s. It runs as an ordinary program: nothing on this machine is ` +
      'changed, and everything is gone when the lesson ends.',
    welcomeBack: (step, lesson) =>
      `Welcome back. The lesson goes on at ${stepOf(step)}. To start at the beginning, run: ${lesson} --fresh`,
    finishedBefore:
      'You have finished this lesson. Press Enter to start over. To see one step again, type: step N. The key l ' +
      'lists them.',
  },
  task: {
    runOrType: 'Enter runs this command. Or type it yourself, or a variant of it.',
    moved: 'What moved:',
    done: 'Done.',
    doneBefore: 'This is already done: the machines are as this command would leave them.',
    unexpectedExit: ({ code, expected }) => `The command ended with exit code ${code}, and ${expected} was expected.`,
    exit: code => `Exit code ${code}.`,
    interrupted: 'The command was interrupted.',
    timedOut: 'The command took too long and was ended.',
    stillRunning:
      'The command is still running. Ctrl-C interrupts it. It gets nothing of what you type: for a program that asks ' +
      'for input, open a shell with the key s.',
    wantsTerminal:
      'This program wants the whole terminal, so it was interrupted. Open a shell with the key s, and run it there.',
    noMachine: 'This step has no machine of its own. To run a command, name one: on inajob ipvsadm -Ln',
    unknownMachine: ({ name, machines }) => `There is no machine ${name}. There are: ${machines.join(', ')}.`,
    nothingToSay: 'There is nothing more to say here.',
  },
  question: {
    onlyChoices: 'Answer with a, b or c. Enter goes on without a guess.',
    guessed: guess => `You say ${guess}. Let the packets decide.`,
    right: answer => `You said ${answer}, and that is right.`,
    wrong: ({ guess, answer }) => `You said ${guess}. The answer is ${answer}.`,
    answer: answer => `The answer is ${answer}.`,
  },
  moves: {
    restoring: step => `Restoring all machines to how they are at the beginning of ${stepOf(step)} ...`,
    restored: seconds => `Restored in ${seconds} s.`,
    firstStep: 'This is the first step.',
    skipping: 'The rest of this step, so that the next one finds what it needs:',
    skipFailed: 'Not all of that worked on the machines as you left them. They are restored for the next step.',
    unknownStep: ({ name, count }) =>
      name === ''
        ? `Name a step by its number or id: step 3. The numbers go from 1 to ${count}.`
        : `There is no step ${name}. The numbers go from 1 to ${count}, and the key l lists all steps.`,
    unknownLanguage: name => `The lesson is not written in ${name}. Type en or ja.`,
    lost: reason => `The machines have ended: ${reason}. The step begins again on new ones.`,
    listFoot: 'To go to a step, type: step N',
  },
  shell: {
    opens: machine => `A shell on ${machine}. To return to the lesson, type exit or press Ctrl-D.`,
    ended: 'Back in the lesson.',
    failed: reason => `The shell could not be opened: ${reason}`,
    alreadyOffered: lesson =>
      `Another lesson of yours is running. "${lesson} shell" opens shells in that one, and not in this one.`,
    notOffered: (reason, lesson) => `"${lesson} shell" cannot reach this lesson: ${reason}`,
  },
  recorded: {
    begins:
      'No kernel can run here, so all answers in this lesson are recorded ones. You can read everything, but you ' +
      'cannot try variants.',
    mark: 'recorded answer:',
    noTyping: 'No kernel runs here. Only the command that is shown has a recorded answer. Enter shows it.',
    finished: 'That was the lesson, with recorded answers. With a kernel you can try everything yourself.',
    noShell: 'No kernel runs here, so there are no machines to open a shell on.',
  },
  progress: {
    damaged: path => `${path} is not a record of your progress. The lesson starts at its beginning and replaces it.`,
    unreadable: ({ path, reason }) =>
      `Your progress could not be read from ${path}: ${reason}. The lesson starts at its beginning.`,
    unwritable: ({ path, reason }) =>
      `Your progress cannot be kept in ${path}: ${reason}. The lesson works without it, and starts at its beginning ` +
      'next time.',
  },
  end: {
    leftUnkept: (step, lesson) => `To go on at ${stepOf(step)}, run: ${lesson} --step ${step.number}`,
    left: (step, lesson) => `Your progress is kept. To go on at ${stepOf(step)}, run: ${lesson}`,
    finished: 'That was the lesson. All machines of it are gone, and nothing on this one was changed.',
  },
  joined: {
    restarted: 'The lesson has restored its machines. This is a new shell.',
    lessonEnded: 'The lesson has ended, and its machines with it.',
  },
  help: lesson => [
    'Enter runs the command that is shown. You can also type it yourself, or any other command: it runs on the same ' +
      'machine, and the step is done when the machines are as they should be, however you got them there.',
    '`on MACHINE COMMAND` runs a command on another machine or Pod: `on client-inajob curl 10.254.10.128`.',
    '`s` opens a shell on the machine of the step, and `s MACHINE` on another one: master, inajob, yuanying, ' +
      `web-inajob, client-inajob, web-yuanying, warehouse. In a second terminal, \`${lesson} shell MACHINE\` ` +
      'does the same.',
    '`h` gives a hint. `w` says why the command is needed.',
    '`b` goes to the step before, `r` to the beginning of this step, `step N` to any step: the machines are restored ' +
      'to how they are there. `k` runs the rest of this step and goes on. `l` lists all steps, and `?` shows ' +
      'this page.',
    '`g` changes the language. `q` ends the lesson, and so do `quit`, `exit`, Ctrl-D and Ctrl-C. Ctrl-C while a ' +
      'command runs interrupts only the command; if you have typed something, it drops that.',
    'A letter or word of a key is not run. To run a command of that name, type a blank before it: ` w`.',
    'A here-document, an open quote or a loop may have several lines: the prompt `> ` asks for the rest.',
  ],
};
