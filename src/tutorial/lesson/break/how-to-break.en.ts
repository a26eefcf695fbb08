import type { PageText } from '../step.js';

export const en: PageText = {
  title: 'How to break a Service in an orderly manner',
  paragraphs: [
    'The manager has read the back cover of a book about resilience. From today on it is the week of ' +
      'failures: Inazu-kun is to break his own work, one piece at a time. He would like to have that in ' +
      'writing.',
    'There are eight experiments. Most of them have these four parts:',
    {
      picture: `  predict   you choose a, b or c, before anything happens
  break     one command takes one piece away
  look      what do the clients get, and where does the packet end?
  fix       kproxy diff names the piece, kproxy sync puts it back`,
    },
    'A wrong prediction is worth more than a right one: it shows where your picture of the kernel differs from the ' +
      'kernel. No score is kept.',
    'The requests of this act are made by `curl -m 1`, which waits for at most one second. They come in a loop: ' +
      'IPVS takes the Pods in turn, so of two requests each Pod gets one. `|| echo "no answer"` prints these words ' +
      'whenever curl fails.',
    'curl says why it failed, and the difference matters. `curl: (28)` means silence: a packet was lost on its way, ' +
      'or on its way back. `curl: (7)` means a clear no, at once: the connection was refused, or there is no way to ' +
      'the address.',
  ],
};
