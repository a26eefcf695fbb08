import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A Service that selects no Pod',
  question: {
    ask:
      'The company has an old machine in the basement, warehouse, 192.168.33.50. It is older than the ' +
      'cluster, it is no Pod, and no one dares to switch it off. Programs in the cluster should call it by ' +
      'a VIP, like everything else. So a user orders a Service without a selector. The controller comes ' +
      'by. What does it write?',
    choices: {
      a: 'An Endpoints object with all Pods. Without a condition every Pod matches.',
      b: 'An Endpoints object without addresses.',
      c: 'Nothing. It leaves this Service alone.',
    },
    because: [
      'A Service without a selector is a way to say: I will write the addresses myself. If the ' +
        'controller wrote an empty list, as in (b), it would erase what the owner of the Service had written ' +
        'by hand.',
      '(a) is how conditions work in many other places, and it would be a disaster here: whoever calls the ' +
        'warehouse would get some Pod of the company.',
    ],
  },
  tasks: [
    {
      before: [
        'The order. There is a name, a VIP and a port, as for web-service. The part `selector` is missing, and that ' +
          'is the whole difference.',
      ],
      hint: 'On master: `kubectl apply -f -` reads an object from its input. Mind the name and the clusterIP.',
      why: [
        'A user would often leave the field `clusterIP` out, and the cluster would choose a free address. Here it ' +
          'is written down so that the commands that follow can name it.',
      ],
    },
    {
      before: ['Ask the controller for the Endpoints of this Service.'],
      hint: 'On master: `kproxy endpoints`, with the name of the new Service.',
      why: ["The rule is the one of Kubernetes' own controller, and so is the reason."],
    },
    {
      before: ['Is there an Endpoints object for it?'],
      hint: 'On master: `kubectl get endpoints`, with the name.',
      why: ['An error here is good news: the field is free for what you will write.'],
    },
  ],
};
