import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Calling a Pod directly',
  tasks: [
    {
      before: [
        "A manager's day begins with a list. `kubectl get pod` lists the Pods; `-o wide` adds their " +
          'addresses and nodes (the machines), and `--show-labels` adds their labels.',
        'A label is a note on an object, a name with a value such as `app=web`. It has no meaning ' +
          'for the cluster. It is there to be searched for. (The lines are long, and a narrow ' +
          'terminal breaks them.)',
      ],
      hint: '`kubectl get pod` prints the list. Two options add the columns for addresses and labels.',
      why: [
        "Names are not enough to call a Pod. What counts here is the column IP: the cluster's " +
          'network carries packets to these addresses from every machine, and that is all it does. ' +
          'The other columns, such as READINESS GATES, play no part in this lesson.',
        'The labels will matter soon. This whole act is about them.',
      ],
    },
    {
      before: [
        'Each Pod can be called by its address. `curl` asks a web server and prints its answer; our ' +
          'servers listen on port 8080. Call the Pod on the other worker from inajob:',
      ],
      hint: 'Take the address of web-yuanying from the list, and add `:8080`.',
      why: [
        'This shows what works already, before you have set anything up: the network between Pods. ' +
          'inajob knows that all addresses that begin with 10.244.2 are behind yuanying. A Service ' +
          'adds nothing to this network. It only changes addresses in packets, which then take the ' +
          'same roads.',
      ],
    },
  ],
  after: [
    'The answer names the server, and the address that the server saw as its caller: 192.168.33.11 ' +
      'is inajob. Keep an eye on this second address. Much of the work to come is about it.',
    'So why is this not enough? There are two servers, and you had to choose one. And if a Pod is ' +
      'replaced, the new one has another address, and all the old notes are wrong. Users want one ' +
      'address that stays.',
  ],
};
