// A program that tests bundle and start. It opens a sandbox, prints what it sees, and keeps the sandbox open until
// killed.
import { openSandbox } from '../../../src/sandbox/open-sandbox.js';

const sandbox = await openSandbox();
const [, program = ''] = process.argv;
const identity = await sandbox.run(['id', '-u']);
const inside = await sandbox.run(['node', '--print', '"Node " + process.version']);
const own = await sandbox.run(['head', '-c', '9', program]);
const tables = await sandbox.run(['ipvsadm', '-Ln']);
const write = await sandbox.run(['touch', `${program}.touched`]);
sandbox.start(['sleep', '1000']);
console.log(
  JSON.stringify({
    hostUser: process.getuid?.(),
    guestUser: identity.stdout.trim(),
    node: inside.stdout.trim(),
    program: own.stdout,
    tables: tables.stdout.split('\n')[0],
    write: write.stderr.trim(),
  }),
);
if (process.argv[2] === 'close') await sandbox.close();
else setInterval(() => {}, 1_000);
