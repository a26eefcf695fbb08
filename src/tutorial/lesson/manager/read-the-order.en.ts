import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Reading the order again',
  tasks: [
    {
      before: [
        'Filed orders are read with `kubectl get`. With `-o wide`, the list of Services shows each selector too.',
      ],
      hint: '`kubectl get service`, with the option that you know from the list of Pods.',
      why: [
        'The columns: CLUSTER-IP is the VIP, under its official name. PORT(S) is the port for callers. TYPE ' +
          'ClusterIP means that the address is for callers inside the cluster. This is the plainest kind of ' +
          'Service; EXTERNAL-IP is for other kinds. SELECTOR is the question for the Pods.',
      ],
    },
    {
      before: ['That was the short form. `-o yaml` prints the whole object, with all that was filled in for the user.'],
      hint: 'Name the Service after `kubectl get service`, and choose the output with `-o`.',
      why: [
        "Compare it with the user's file: what the user left out is there now, for example the " +
          '`protocol`. Programs that read the Service rely on that, and need not know what a missing ' +
          'line means. The long line under `annotations` is a note of kubectl to itself: the file as ' +
          'you applied it.',
      ],
    },
  ],
  after: [
    'Look for what is not there: no Pod, and no address of a Pod. The Service holds only the ' +
      "question, `app: web`. Asking it is the controller's job. The manager sighs and reaches for the " +
      'list of Pods.',
  ],
};
