import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'Welcome',
  paragraphs: [
    'Kubernetes lets a group of machines, a cluster, run programs together. If several servers of the ' +
      'same kind run in it, callers want one address for all of them. A Service gives them one. In this ' +
      'lesson you make it work by hand: first you do the paperwork of a manager, then you fill the tables ' +
      'of a Linux kernel.',
    'The kernel is real: Linux runs as an ordinary program on this computer, with a small network of ' +
      'machines in it. All of it is gone when you quit. So break what you like. Later the lesson asks you ' +
      'to.',
    'Each step shows a command and the machine that runs it. Press Enter to run it, or type it yourself, ' +
      'in your own way if you like. The lesson looks at the state of the machine, not at what you typed: a ' +
      'step is done when the kernel says so. Then it shows what moved.',
    'Only `kubectl` is a stand-in. It reads and writes the objects of a cluster, the records of what the ' +
      'cluster has and of what it should have. A real cluster has a program that keeps them, the API ' +
      'server. Here they are files.',
    'The line at the foot shows the keys. If you are stuck, ask for the hint. If you wonder what a ' +
      'command is good for, ask why.',
  ],
};
