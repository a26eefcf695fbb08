import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 2: vs/conntrack is switched on again',
  tasks: [
    {
      before: [
        'The rules look perfect, and that is no help. `kproxy diff` looks beyond the rules. (A sysctl is a ' +
          'setting of the kernel, here the number in the file.)',
      ],
      hint: '`kproxy diff`, with both options.',
      why: [
        'The command sysctl reads and writes the files below /proc/sys. It writes dots instead of slashes: ' +
          '`net.ipv4.vs.conntrack`.',
      ],
    },
    {
      before: ['One number is wrong, so one number is changed.'],
      hint: '`kproxy sync`, with both options. Or write the 1 by hand.',
      why: [
        'kproxy sets this number and never sets it back, not even when it removes everything else. Other software ' +
          'on the machine may rely on it by now.',
      ],
    },
    {
      before: ['Two requests. This time the rule with `MASQUERADE` counts, too.'],
      hint: 'The same loop as before.',
      why: [
        'nat counts one packet for each connection, because it is asked about the first packet only. So two ' +
          'requests are two packets, whatever was transferred.',
      ],
    },
  ],
};
