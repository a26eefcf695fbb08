#!/usr/bin/env node
// A fake `kubectl proxy --unix-socket=…`. Records each start in $FAKE_STARTS and passes requests on to $FAKE_API.
import { appendFileSync } from 'node:fs';
import { createServer, request } from 'node:http';

const flag = name => process.argv.find(argument => argument.startsWith(`--${name}=`))?.slice(name.length + 3);
const { FAKE_API, FAKE_STARTS, FAKE_FAILS, FAKE_HANGS } = process.env;

appendFileSync(FAKE_STARTS, `${JSON.stringify({ pid: process.pid, argv: process.argv.slice(2) })}\n`);
if (FAKE_FAILS) {
  process.stderr.write(`${FAKE_FAILS}\n`);
  process.exit(1);
}
// Like a credential plugin that waits for a login.
if (FAKE_HANGS) await new Promise(resolve => setTimeout(resolve, 600_000));
const accepted = new RegExp(flag('accept-paths'));
const rejected = new RegExp(flag('reject-methods'));

createServer((incoming, outgoing) => {
  const { pathname } = new URL(incoming.url, 'http://localhost');
  const isAllowed = !rejected.test(incoming.method);
  const isAccepted = isAllowed && accepted.test(pathname) && incoming.headers.host === 'localhost';
  if (!isAccepted) return outgoing.writeHead(403).end('Forbidden');
  const { method, url: path, headers } = incoming;
  const passedOn = request(`${FAKE_API}${path}`, { method, headers }, answer => {
    outgoing.writeHead(answer.statusCode, answer.headers);
    answer.on('error', () => outgoing.destroy()).pipe(outgoing);
  });
  passedOn.on('error', error => outgoing.writeHead(500).end(error.message));
  outgoing.on('close', () => passedOn.destroy());
  incoming.pipe(passedOn);
}).listen(flag('unix-socket'), () => process.stdout.write(`Starting to serve on ${flag('unix-socket')}\n`));
