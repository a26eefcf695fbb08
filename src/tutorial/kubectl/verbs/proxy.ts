import { once } from 'node:events';
import { textFlag } from '../command/flags.js';
import type { Verb } from '../command/session.js';
import { KubectlFailure } from '../failure.js';
import { createListener } from '../proxy/serve.js';

/** Only for `kproxy sync --watch` and `kproxy endpoints --watch`: they read and watch through a Unix socket. */
export const proxy: Verb = {
  flags: [
    textFlag('unix-socket', 'u'),
    textFlag('accept-paths'),
    textFlag('reject-paths'),
    textFlag('reject-methods'),
    textFlag('accept-hosts'),
    textFlag('port', 'p'),
    textFlag('address'),
  ],
  async run({ server, options, io }) {
    const path = options.text('unix-socket');
    if (path === undefined)
      throw new KubectlFailure("error: this kubectl is the lesson's stand-in, and listens only on --unix-socket PATH");
    const { createServer } = await import('node:http');
    const http = createServer(createListener(server)).listen(path);
    await once(http, 'listening').catch((error: Error) => {
      throw new KubectlFailure(`error: ${error.message}`);
    });
    io.stdout(`Starting to serve on ${path}\n`);
    // Until it gets a signal.
    await once(http, 'close');
  },
};
