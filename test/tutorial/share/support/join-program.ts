import { joinShell } from '../../../../src/tutorial/share/join-shell.js';

/** Joins the lesson in the folder of the first argument, as `kproxy tutorial shell` does. */
const [folder = ''] = process.argv.slice(2);
process.on('SIGUSR2', () => {
  throw new Error('a bug');
});
process.stdout.write(`process ${process.pid}\n`);
const { TERM = 'dumb' } = process.env;
process.exitCode = await joinShell({
  folder,
  machine: 'inajob',
  stdin: process.stdin,
  stdout: process.stdout,
  environment: { TERM },
  texts: { restarted: 'The machines are new.', lessonEnded: 'The lesson has ended.' },
});
