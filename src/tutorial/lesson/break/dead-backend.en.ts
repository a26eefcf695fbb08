import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Experiment 6: a web server goes home early',
  question: {
    ask:
      'The web server in the Pod web-yuanying ends. The Pod itself stays, with its address. Neither the ' +
      'Endpoints object nor inajob is touched. Then inajob calls the Service four times. What happens?',
    choices: {
      a: 'Every other request is refused at once.',
      b: 'Every other request waits, until curl gives up.',
      c: 'web-inajob answers all four. IPVS notices that the other one is dead.',
    },
    because: [
      'IPVS does not know whether a real server works, and does not try to find out. It has a table with ' +
        'two rows, and the rows take turns.',
      'The packets do arrive, since the Pod still has its address. But no process in it has port 8080 open ' +
        'any more. In this case the kernel answers in its name: connection refused. For (b) the address ' +
        'itself would have to be gone, as when a machine is switched off. Then there is no one left who ' +
        'could refuse.',
      'So the worker has to be told. On a real worker, a program named kubelet starts the Pods, tests ' +
        'them, and reports them as ready or not. The controller writes that into the Endpoints, and ' +
        'kube-proxy takes it from there. The kernel is the last one to hear of it.',
    ],
  },
  tasks: [
    {
      before: [
        '`web` is a small program of this lesson that exists in the Pods. `web stop` ends the web server, and `web ' +
          'start` starts it again.',
      ],
      hint: 'On web-yuanying: `web`, and what it should do.',
      why: [
        'A Pod is a place for processes, with an address of its own. Here the process ends and the place stays. A ' +
          'real cluster would soon start the process again. Ours looks the other way for the length of this ' +
          'experiment.',
      ],
    },
    {
      before: ['Four requests from inajob, two turns for each Pod.'],
      hint: 'On inajob, the usual loop, with 1 2 3 4.',
      why: [
        '`curl: (7)` at once, and not `curl: (28)` after a second. That is a clear no, sent in the name of ' +
          'the Pod.',
      ],
    },
    {
      before: ['What does the manager know? Look at the column READY.'],
      hint: '`kubectl get pod`, with `-o wide` if you want to see the addresses.',
      why: [
        '0/1: a Pod consists of containers, this one of a single one, and none is ready. The list of Pods is ' +
          'up to date, but has not been compared with the Endpoints yet.',
      ],
    },
    {
      before: [
        '`kproxy explain` reads the worker, and the worker is in order. It cannot see from here whether a process ' +
          'listens in a Pod on another machine, so it assumes that it does. With `--probe` it calls the Service ' +
          'itself and compares. `--minimal` prints one line for each client.',
      ],
      hint: '`kproxy explain web-service --source node`, with `--probe` and `--minimal` added.',
      why: [
        'If the explanation and the probe disagree, the fault is not on this worker. That, too, is worth knowing: ' +
          'you can stop reading rules and go and look at the Pod.',
      ],
    },
  ],
};
