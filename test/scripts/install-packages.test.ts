import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { missingOnHost } from '../../src/tutorial/lab/requirements.js';
import { openPseudoTerminal, type PseudoTerminal } from '../support/pseudo-terminal.js';

const script = new URL('../../scripts/install-packages.sh', import.meta.url).pathname;

/** A machine of an ordinary user that has nothing. Its apt-get reads all input that it can get. */
const programs = {
  uname: 'echo x86_64',
  id: 'echo 1000',
  sudo: 'printf "password: " >/dev/tty; read -r password </dev/tty; echo "sudo $*" >>"$LOG"; exec "$@"',
  env: 'shift; exec "$@"',
  sed: 'while read -r line; do :; done; echo one; echo two',
  'apt-get': 'while read -r line; do echo "read $line" >>"$LOG"; done; [ "$3" != install ] || echo "Inst one"',
};

let folder: string;
let terminal: PseudoTerminal | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-packages-'));
  for (const [name, text] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  // The machine that runs this test may have the packages.
  const text = readFileSync(script, 'utf8').replace(/^PATH=.*$/m, '');
  writeFileSync(join(folder, 'install-packages.sh'), text);
});

afterEach(async () => {
  await terminal?.close();
  rmSync(folder, { recursive: true, force: true });
});

const log = () => readFileSync(join(folder, 'log'), 'utf8');

/** Returns the packages that the lesson asks for. Required packages of Debian are everywhere. */
function packagesOfTheLesson(): readonly string[] {
  const problem = missingOnHost({ platform: 'linux', processor: 'x64', has: name => name === 'apt-get' });
  const packages = problem?.advice?.replace(/^.*apt-get install /, '').split(' ') ?? [];
  return packages.filter(name => name !== 'perl-base' && name !== 'util-linux').sort();
}

/** Opens a terminal with the script, and then a lesson that reads a line. */
function install(): PseudoTerminal {
  const lesson = 'read -r typed && echo "the lesson got $typed"';
  const lines = `PATH=$1 LOG=$1/log; export PATH LOG; (set -- demo; . "$PATH/install-packages.sh") && ${lesson}`;
  return openPseudoTerminal(['/bin/sh', '-c', lines, 'sh', folder]);
}

test('installs what the lesson needs, asks for the password, and leaves typed lines to the lesson', async () => {
  terminal = install();
  await terminal.until(/password: /);
  terminal.type('secret\r');
  await terminal.until(/password: /);
  terminal.type('secret\rhello\r');
  await terminal.until(/the lesson got hello/);
  expect(await terminal.ended).toBe(0);
  const [update, installation = '', ...more] = log().trim().split('\n');
  const [, packages = ''] = /^sudo env .* --no-install-recommends (.*)$/.exec(installation) ?? [];
  expect({ update, packages: packages.split(' ').sort(), more }).toEqual({
    update: 'sudo apt-get -qq update',
    packages: packagesOfTheLesson(),
    more: [],
  });
});

test('without the password it fails, and installs nothing', async () => {
  writeFileSync(join(folder, 'sudo'), '#!/bin/sh\necho "sudo: a password is required" >&2\nexit 1\n');
  terminal = install();
  expect(await terminal.ended).toBe(1);
  expect(terminal.screen()).toMatch(/missing: .*\r\nsudo: a password is required\r\n$/);
});
