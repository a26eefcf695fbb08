import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Nothing up its sleeve',
  tasks: [
    {
      before: [
        'What did it run? `--dry-run` changes nothing and prints a script instead, `--full` prints it as for ' +
          'an empty worker. Above each command it says what would go wrong without it. `grep` keeps the part ' +
          'about web-service.',
        'Each command comes with a check before it: "is it there already? Else add it." That makes it safe to run ' +
          'the script twice.',
      ],
      hint: '`kproxy sync`, with `--dry-run` and `--full` besides both options.',
      why: [
        'The script needs no kproxy. It could be sent to a colleague, read aloud, kept with the documents of the ' +
          'machine, or run on a worker on which nothing new may be installed.',
      ],
    },
    {
      before: [
        'And the whole script, without comments and checks. Go through it from top to bottom. Is there a line that ' +
          'you could not explain?',
      ],
      hint: 'The same command. `grep -v` leaves out comments, lines that end with `||`, and empty lines.',
      why: [
        'The order is the one of the acts: sets, rules, the node itself, then each Service. `-w` makes iptables ' +
          'wait if another program is changing rules at this moment.',
      ],
    },
  ],
  after: [
    'That is all that "the cluster has a load balancer" means on a worker. There is no further machine, ' +
      'and no packet passes through kproxy or kube-proxy: they only fill the tables. If they stop, the ' +
      'kernel goes on.',
  ],
};
