import type { ExerciseText } from '../step.js';

export const en: ExerciseText = {
  title: 'A device to nowhere',
  tasks: [
    {
      before: [
        'A packet to the VIP gets to IPVS only if inajob takes it as its own (on the map: "for this ' +
          'machine?"). So inajob needs the VIP as an address, and an address needs a network device ' +
          'to be on. A dummy is a device without a cable: nothing ever leaves through it. It is a ' +
          'coat hook for addresses.',
      ],
      hint: '`ip link add NAME type TYPE`. The name is kube-ipvs0.',
      why: [
        'The VIP could be on eth0 as well, and the kernel would treat it alike. But on a device of ' +
          'their own, all VIPs are in one place, and can be told from the real addresses of the ' +
          'machine. A program that cleans up has to look nowhere else. kube-proxy does the same, and ' +
          'has given the device its name.',
        'The new device is down, and it may stay so. An address on it belongs to the machine all ' + 'the same.',
      ],
    },
  ],
  after: ['kube-ipvs0 is there, without an address. IPVS is ready, and knows of no Service yet.'],
};
