import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'What a real cluster needs besides',
  tasks: [
    {
      before: [
        'What you typed is the least that makes a VIP answer. What is missing for a real cluster? Compare ' +
          'the worker with the full profile. It is a long list, and says what each part is for. The next page ' +
          'sums it up.',
      ],
      hint: 'On inajob: `kproxy diff`, with `--cluster-cidr` and no profile.',
      why: [
        'Lines with `+` are added, lines with `-` removed. `~` is a chain that gets other rules: the full profile ' +
          'replaces some of your rules by more careful ones.',
      ],
    },
    {
      before: ['Add it.'],
      hint: 'On inajob: `kproxy sync`, with `--cluster-cidr` and no profile.',
      why: [
        'The rules of a table are replaced in one go, so that no packet sees half of them. Connections that exist ' +
          'go on.',
      ],
    },
    {
      before: ['The Pod that calls itself is the case in which you can see the difference with curl.'],
      hint: 'On web-inajob: the usual loop.',
      why: [
        'Two answers for two requests. In the other cases the full profile prevents something: an open port, a ' +
          'wrong source, a hanging connection.',
      ],
    },
    {
      before: ["And the other worker, for everyone's peace of mind."],
      hint: 'On yuanying: the same sync.',
      why: ['Its set KUBE-LOOP-BACK has the entry for web-yuanying, which inajob does not need.'],
    },
  ],
};
