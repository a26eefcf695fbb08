import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 5: a chain without its jump',
  question: {
    ask:
      'The policy stays at DROP, and the security department finds one more thing: a jump from FORWARD into a chain ' +
      'that it did not write. It removes the jump. The three rules inside the chain stay. Who gets no answer now?',
    choices: {
      a: 'No one. The rules that accept the packets are still in the kernel.',
      b: 'Everyone except inajob itself.',
      c: 'Everyone who calls the Service, inajob included.',
    },
    because: [
      'A chain without a jump to it is a document in a drawer: complete, correct, and never read. All ' +
        'answers pass FORWARD, except those to inajob itself. They find no rule there, and the policy drops ' +
        'them.',
      'The requests still get to the Pods, and the first packet of the answer is sent. It is dropped on ' +
        'inajob, so no connection comes about, and the log of the web server shows nothing. An empty log ' +
        'does not prove that no packet has arrived. Look at the way back, too.',
      'An answer to inajob itself is not forwarded: its destination is inajob, so it goes to INPUT. (c) ' +
        'forgets that.',
    ],
  },
  tasks: [
    {
      before: [
        '`-D` deletes the rule that is written like this, whichever number it has. That is safer than `-D FORWARD ' +
          '1` where other software may have put a rule in front.',
      ],
      hint: 'Take the command from act 2 that added the jump, and put `-D` in place of `-I`.',
      why: [
        'In everyday life it is rarely a person who removes a jump. A firewall that is reloaded flushes the ' +
          'built-in chains and writes its own rules. Chains that it does not know stay, and nothing jumps to them.',
      ],
    },
    {
      before: ['Two requests from the Pod.'],
      hint: 'On client-inajob: the usual loop.',
      why: ['28 and not 7: there was no refusal. A dropped packet makes no sound, so the client can only wait.'],
    },
    {
      before: ['And two from inajob itself.'],
      hint: 'On inajob: the usual loop.',
      why: ['A test from the worker itself would report that all is well. Try a Service from where its users are.'],
    },
    {
      before: ['Where does the packet of the Pod end? Look for the word DROPPED, and for what is above it.'],
      hint: '`kproxy explain web-service` with `--source pod/client-inajob` and both options.',
      why: [
        'The way from client to Pod is complete. Below `answer` the way back begins, and it ends in FORWARD. The ' +
          'last lines say what would help, as a command.',
      ],
    },
  ],
};
