import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'One sync',
  tasks: [
    {
      before: [
        'Acts 2 and 3 had 23 commands that changed the kernel of inajob. You typed them, or watched them being ' +
          'typed. Now one command does all that. `time` says how long it takes: look at the line `real`.',
      ],
      hint: '`kproxy sync`, with the two options of `kproxy diff`. The `time` is only there to impress you.',
      why: [
        'The last line counts 19 additions, not 23. A chain counts as one together with its rules, which makes 7 ' +
          'less. `vs/conntrack` was still 1, one less. And the warehouse, which you never typed a command for, adds ' +
          'its entry, its address, its virtual server and its real server.',
      ],
    },
    {
      before: ['Does it differ from what the Services need?'],
      hint: '`kproxy diff`, with the same options.',
      why: [
        'At the end of act 3 the same command said the same thing about your own work. That is why it can be one ' +
          'command: by hand or by kproxy, the kernel cannot tell the difference.',
      ],
    },
    {
      before: ['Two requests.'],
      hint: 'The usual loop.',
      why: ['The counters start from zero: these are new rules and a new virtual server.'],
    },
  ],
};
