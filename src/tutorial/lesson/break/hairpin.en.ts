import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 8: a Pod calls itself',
  question: {
    ask:
      'For the last experiment nothing is broken. Everything is as it was at the end of act 3. The Pod web-inajob, ' +
      'which is itself behind the Service, calls the Service four times. What happens?',
    choices: {
      a: 'All four requests are answered. A Pod is a client like any other.',
      b: 'Every other request is answered. It depends on the Pod that IPVS picks.',
      c: 'No request is answered. A Pod cannot call a Service that it is part of.',
    },
    because: [
      'When it is the turn of web-yuanying, web-inajob is a client like any other. When it is its own ' +
        'turn, IPVS sends the packet back to where it came from. Its destination is 10.244.1.3 then, and its source ' +
        'is 10.244.1.3, too.',
      {
        picture: `  web-inajob                          IPVS
  10.244.1.3 --- to 10.254.10.128 ----> |
             <-- from 10.244.1.3 ------ |   "But that is me!"`,
      },
      'A Pod does not accept a packet that comes in from the network and claims to be from its own ' +
        'address. The packet is dropped, and curl waits. Even if the Pod answered, the answer would not ' +
        'leave the Pod, and IPVS could not put the VIP back as its source.',
      'This way out and back in is called a hairpin, after its shape. (a) is what every user expects: ' +
        'programs do call their own Services. (c) forgets the turns of web-yuanying.',
    ],
  },
  tasks: [
    {
      before: ['Four requests from web-inajob. The turns of IPVS decide which of them come back to it.'],
      hint: 'On web-inajob, the usual loop, with 1 2 3 4.',
      why: [
        'Its packets are not marked, since it is a Pod: rule 1 of `KUBE-SERVICES` is about sources outside ' +
          '10.244.0.0/16. For every other Pod that is right, and for this one it is right every other time.',
      ],
    },
    {
      before: [
        'In experiment 1 you were to ignore a row and its reason. Now read them: `backend itself`, which is ' +
          'a Pod that calls its own Service, and [1]. Everything else is answered.',
      ],
      hint: '`kproxy explain web-service`, with both options and no `--source`.',
      why: [
        'There is no command below the reason this time. With `--profile tutorial` the worker is as it should be, ' +
          'and what you did by hand does not include the remedy.',
      ],
    },
  ],
};
