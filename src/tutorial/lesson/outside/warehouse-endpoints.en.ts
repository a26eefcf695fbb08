import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'An address that is no Pod',
  tasks: [
    {
      before: [
        'Write the list yourself, as you did in act 1. This time there is no label to look up: the address is ' +
          'simply the one of the machine in the basement. There is no `nodeName` either, since it is on none of the ' +
          'workers.',
        'The names tie the two objects together: the Endpoints object `warehouse` belongs to the Service `warehouse`.',
      ],
      hint: 'On master: the same form as for web-service, with one address, and with the name warehouse.',
      why: [
        'Why is this allowed at all? Because kube-proxy reads Endpoints and not Pods. The list in between ' +
          'makes it possible to put anything behind a VIP: a database of another department, or a machine that ' +
          'will move into the cluster one day. Its callers will not notice the move.',
        'In a cluster of today you would write an EndpointSlice. Endpoints that are written by hand still ' +
          'work: a controller copies them into slices.',
      ],
    },
    {
      before: ['Both Services, and who is behind them. Can you tell from this list which one has Pods?'],
      hint: 'On master: `kubectl get` takes several types, with a comma between them.',
      why: ['You cannot, except by knowing the networks. And the worker cannot, either.'],
    },
  ],
};
