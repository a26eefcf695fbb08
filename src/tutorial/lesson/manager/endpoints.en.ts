import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Writing the list',
  tasks: [
    {
      before: [
        'Now the manager writes the Endpoints object. The first two lines keep the addresses in ' +
          'variables. The rest is a here-document: all lines up to `EOF` become the input of `kubectl ' +
          "apply -f -`, and the shell puts the variables' values in.",
        'The name must be that of the Service, because nothing else ties the two together. The port ' +
          'is the one on which the Pods listen, 8080.',
      ],
      hint:
        'Type it line by line, as it is shown; the shell waits for the line `EOF`. `-f -` reads the ' +
        'object from the input instead of a file.',
      why: [
        'This is the work of the endpoint controller, done with a pen. Nothing on any worker ' +
          'changes yet: it is still paper. But it is the paper that the workers read: the Service ' +
          'says which address must answer, and the Endpoints object says which Pods answer.',
        '`nodeName` notes which worker each Pod is on. It is not needed to reach a Pod, but some ' +
          'Services prefer the Pods of their own machine.',
      ],
    },
    {
      before: ['A second look, as at all things signed before noon:'],
      hint: '`kubectl get` also lists endpoints. Name the one to look at.',
      why: [
        'The column ENDPOINTS shows each address with the port. If the list were empty, the Service ' +
          'would have an address and no Pod behind it. This is the first place to look if a Service ' +
          'does not answer.',
      ],
    },
  ],
  after: [
    'The paperwork is complete: the order, and the list. The manager stamps both, puts them in the ' +
      'tray, and calls it a day. It is ten past ten.',
  ],
};
