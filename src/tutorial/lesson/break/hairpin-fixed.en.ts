import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 8: the full profile',
  tasks: [
    {
      before: [
        'Without `--profile tutorial`, kproxy uses its full profile: everything that kube-proxy programs in a real ' +
          'cluster. Measured by that, what is wrong with the packets of web-inajob? `tail` keeps the reason.',
      ],
      hint: '`kproxy explain web-service --source pod/web-inajob`, without `--profile tutorial`.',
      why: [
        'A set and a rule are missing. The set KUBE-LOOP-BACK holds an entry for each Pod of this worker that is ' +
          'behind a Service: destination address, port, and the same address as the source. The rule masquerades ' +
          'what is in the set. So it is about exactly those packets that return to their own Pod.',
      ],
    },
    {
      before: [
        'Let kproxy program the full profile. It adds more than the hairpin needs. The end of the last act ' +
          'says what, and for which packets.',
      ],
      hint: '`kproxy sync`, with `--cluster-cidr 10.244.0.0/16` and no profile.',
      why: [
        'The entry is `10.244.1.3,tcp:8080,10.244.1.3`. There is none for web-yuanying: its packets to itself pass ' +
          'its own worker, yuanying.',
      ],
    },
    {
      before: ['Once more four requests from web-inajob. Whom does it see when it answers itself?'],
      hint: 'On web-inajob, the usual loop, with 1 2 3 4.',
      why: [
        '10.244.1.1 is the address of inajob on the network of its Pods. The Pod answers to inajob, and ' +
          'there everything is put back. For web-yuanying nothing has changed: it sees 10.244.1.3.',
      ],
    },
    {
      before: ['And the table without a footnote.'],
      hint: '`kproxy explain web-service`, with `--cluster-cidr` and no profile.',
      why: ['The exit code is 0: every kind of client gets an answer from every Pod.'],
    },
  ],
  after: [
    'The week of failures is over. Inazu-kun has done eight experiments and can find each of these faults by now. ' +
      'The manager has put the book back on the shelf and will report a success.',
  ],
};
