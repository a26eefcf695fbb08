import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Becoming root',
  tasks: [
    {
      before: [
        'The papers have reached inajob. Inazu-kun reads them twice, cracks his knuckles, and ' +
          'becomes root: only root may change the tables of the kernel. `sudo` runs a command as ' +
          "root, and `su` starts root's shell.",
      ],
      hint: '`sudo su`. The prompt ends with `#` afterwards.',
      why: [
        'The tables decide about the packets of all users and all programs of the machine. That is ' +
          'why the kernel lets only root change them.',
        'Some commands of the following steps begin with `sudo` although you are root by then. That ' +
          'does no harm: root becomes root.',
      ],
    },
  ],
  after: ['From now on the prompt of inajob is `#`. With great power comes a long list of commands.'],
};
