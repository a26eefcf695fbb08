import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 6: the news reaches the kernel',
  tasks: [
    {
      before: [
        "First the manager. `kproxy endpoints` does the controller's work: it looks up the Pods of the Service and " +
          'writes the addresses of those that are ready.',
      ],
      hint: 'On master: `kproxy endpoints`, with the name of the Service.',
      why: [
        'The address of web-yuanying is not forgotten. It moves to a second list in the same object, the addresses ' +
          'that are not ready: `kubectl get endpoints web-service -o yaml` shows both. The Pod still has the label.',
      ],
    },
    {
      before: [
        'Then the worker. The Endpoints object has one ready address, and IPVS has two real servers. Read what ' +
          '`kproxy diff` wants to do with the second one.',
      ],
      hint: 'On inajob: `kproxy diff`, with both options.',
      why: [
        'The weight says how large a share of the connections a real server gets. If it has no connection ' +
          'left, `kproxy diff` wants to remove it right away.',
      ],
    },
    {
      before: [
        'Take the real server out of the turns. Weight 0 means that it gets no new connections. Those that ' +
          'exist may go on: a user in the middle of a download keeps it.',
      ],
      hint: '`kproxy sync`, with both options.',
      why: [
        'IPVS remembers a connection for two minutes after its end. While it does, the real server stays, with ' +
          'weight 0. After that, the next `kproxy sync` removes it. `kproxy sync --watch` would do so by itself.',
      ],
    },
    {
      before: ['Four requests. Only one Pod gets turns now.'],
      hint: 'On inajob: the usual loop.',
      why: [
        'The users notice nothing any more, and there is half the capacity. That is the whole idea of a Service: ' +
          'the address stays, and who is behind it may change.',
      ],
    },
  ],
  after: [
    'Count who had to do something: the kubelet, which noticed, the controller, and kube-proxy. While ' +
      'any of them is asleep, every other request fails.',
  ],
};
