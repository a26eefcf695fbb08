import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A switch with a long name',
  tasks: [
    {
      before: [
        'IPVS is a module of the kernel, and `modprobe` loads it. Then its settings appear as files ' +
          'below /proc/sys/net/ipv4/vs. The file `conntrack` is a switch. If it is 1, IPVS enters ' +
          "what it does in conntrack, the kernel's list of connections. (`tee` writes its input to a " +
          'file, and shows it too.)',
      ],
      hint: 'First load the module `ip_vs`. The file is there only afterwards.',
      why: [
        'With 0, which is the default, IPVS hides its packets from conntrack, because that is ' +
          'faster. But MASQUERADE lives on conntrack: it keeps its notes there. The packets that IPVS ' +
          'sends then are not masqueraded, whatever your rules say. Calls from inajob itself would be ' +
          'answered only every other time.',
        'Why `tee`? In `sudo echo 1 > FILE` the shell opens the file before sudo runs, so a user ' +
          'who is not root may not write it. As root you could do without.',
      ],
    },
  ],
  after: [
    'One character has changed, and all the rules of this morning depend on it. Inazu-kun takes a ' +
      'photo of it, just in case.',
    '(All machines of this lesson share one kernel, so the module is now loaded for yuanying too. ' +
      'But each machine has switches, tables and rules of its own, and those of yuanying are as they ' +
      'were.)',
  ],
};
