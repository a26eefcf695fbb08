import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'Everything is undone',
  tasks: [
    {
      before: [
        'Inazu-kun is to be promoted, and his desk has to be empty first. `kproxy cleanup` removes all that ' +
          'belongs to Services on this worker: virtual servers, jumps, chains, sets, and kube-ipvs0 with its ' +
          'addresses. What you typed in acts 2 and 3 goes, too.',
      ],
      hint: '`kproxy cleanup` needs no options.',
      why: [
        'It recognizes its things by their names, those of kube-proxy, and takes them away in the opposite order: ' +
          'first the virtual servers, then the jumps, then what they led to. The number `vs/conntrack` stays at 1: ' +
          'other software may rely on it.',
      ],
    },
    {
      before: ['Is there anything left in IPVS?'],
      hint: 'The list of virtual servers.',
      why: ['The header is printed by ipvsadm. Below it there would be the virtual servers.'],
    },
    {
      before: ['And the VIP?'],
      hint: 'On inajob: `curl -m 1`, and the VIP of web-service.',
      why: [
        'The Service is still in the cluster, and so are its Endpoints. It is an address on paper once more, as at ' +
          'the end of act 1.',
      ],
    },
  ],
};
