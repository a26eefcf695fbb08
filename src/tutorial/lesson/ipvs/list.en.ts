import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Before the first call',
  tasks: [
    {
      before: [
        'Before he calls, Inazu-kun checks his work. `-L` lists the virtual servers, and `-n` ' +
          'prints numbers instead of names.',
      ],
      hint: '`ipvsadm` with two letters, one for list and one for numbers.',
      why: [
        'Without `-n`, ipvsadm would ask a name server for the name of each address, and wait for ' +
          'it if there is none.',
        'This is the table that IPVS itself works with. Nothing in it mentions a Service or a Pod: ' +
          'the kernel has never heard of Kubernetes.',
      ],
    },
  ],
  after: [
    'One line for the virtual server, and one arrow for each real server. ActiveConn counts the ' +
      'connections that are open or being opened, and InActConn all others, such as those that have just ' +
      'been closed. There are none yet. There will be in a minute.',
  ],
};
