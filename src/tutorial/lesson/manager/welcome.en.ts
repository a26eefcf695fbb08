import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'Welcome',
  paragraphs: [
    'Kubernetes lets a group of machines, a cluster, run programs together. If several servers of ' +
      'the same kind run in it, callers want a single address for all of them. This is what a Service ' +
      'is for. In this lesson you make one work by hand. First you do the paperwork of a manager, ' +
      'then you fill the tables of a Linux kernel. At the end the address answers, and you know which ' +
      'line of which table made it answer.',
    'The machines are real. A Linux kernel runs as an ordinary program on this computer, with a ' +
      'small network of machines in it. Nothing else on this computer is changed, and all of it is ' +
      'gone when you quit. So break what you like. Later the lesson asks you to.',
    'Each step shows a command and the machine that runs it. Press Enter to run it, or type it ' +
      'yourself, in your own way if you like. A step is done when the kernel says so: the lesson ' +
      'looks at the state of the machine, not at what you typed. Then it shows what moved.',
    'One part is not real: `kubectl`. It reads and writes the objects of a cluster, the records of ' +
      "what it has and what it should have. Elsewhere it asks the cluster's API server, which keeps " +
      'them. There is none here, and `kubectl` is a stand-in that keeps the objects in files. It can ' +
      'do what the lesson needs, and says so if you ask for more. Every packet is real.',
    'The line at the foot shows the keys. If you are stuck, ask for the hint. If you wonder what a ' +
      'command is good for, ask why.',
  ],
};
