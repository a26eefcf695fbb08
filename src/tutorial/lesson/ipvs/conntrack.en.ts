import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A switch with a long name',
  tasks: [
    {
      before: [
        'IPVS is a module of the kernel, and `modprobe` loads it. Then its settings appear as files below ' +
          '/proc/sys/net/ipv4/vs. The file `conntrack` is a switch. If it is 1, IPVS lets conntrack see its ' +
          'connections. MASQUERADE needs that, because it keeps its notes in conntrack. (`tee` writes its ' +
          'input to a file, and shows it too.)',
      ],
      hint: 'First load the module `ip_vs`. The file is there only afterwards.',
      why: [
        'With 0, which is the default, IPVS hides its packets from conntrack, because that is faster. ' +
          'MASQUERADE can then note nothing, and changes nothing. Later you will try it.',
        'Why `tee`? In `sudo echo 1 > FILE` the shell opens the file before sudo runs, so a user ' +
          'who is not root may not write it. As root you could do without.',
      ],
    },
  ],
  after: [
    'One character has changed, and all masquerading depends on it. Inazu-kun takes a photo of it, just in case.',
    '(All machines of this lesson share one kernel, so the module is now loaded for yuanying too. ' +
      'But each machine has switches, tables and rules of its own, and those of yuanying are as they ' +
      'were.)',
  ],
};
