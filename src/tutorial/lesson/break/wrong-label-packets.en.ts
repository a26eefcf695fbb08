import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 7: the label, and the packets',
  question: {
    ask:
      'The label of web-yuanying is mistyped again. This time the controller is awake: the Endpoints ' +
      'object loses the address. On inajob nothing is done. Then inajob calls the Service four times. What ' +
      'happens?',
    choices: {
      a: 'web-inajob answers all four. The Endpoints object has only its address.',
      b: 'Every other request fails. The Pod is not part of the Service any more.',
      c: 'Both Pods answer in turn, as if nothing had happened.',
    },
    because: [
      'No packet ever reads an Endpoints object, nor a label. Packets meet what is in the kernel of the ' +
        'worker, and there the two real servers still take turns. (a) expects the kernel to read the cluster.',
      "And (b) expects that the Pod knows about its label and declines. A label is written on the Pod's card in the " +
        'office, not on the Pod. Its web server runs and answers whoever calls.',
      'Label, selector, Endpoints: that is paperwork, and it works only as far as it is carried out on ' +
        'each worker. That is why a kube-proxy that has died is hard to notice: everything goes on, as of ' +
        'the moment at which it stopped.',
    ],
  },
  tasks: [
    {
      before: ['The same slip as in act 1: `wbe` instead of `web`.'],
      hint: 'On master: `kubectl label pod`, the name of the Pod, the label, and `--overwrite`.',
      why: ['Nothing on the network has changed. An object in the cluster has another text in one field.'],
    },
    {
      before: ['The controller does its work at once.'],
      hint: 'On master: `kproxy endpoints web-service`.',
      why: [
        'The dead web server of experiment 6 was moved to the addresses that are not ready. This time the address ' +
          'is gone altogether: the selector does not select the Pod.',
      ],
    },
    {
      before: ['Four requests from inajob.'],
      hint: 'On inajob, the usual loop, with 1 2 3 4.',
      why: ['Compare that with the Endpoints object, which has a single address.'],
    },
    {
      before: ['What IPVS has is what counts.'],
      hint: 'On inajob: the list of virtual servers.',
      why: ['The column Weight is 1 in both rows. The kernel has no column for "unknown to the office".'],
    },
  ],
};
