import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { guestAgent } from '../../src/sandbox/agent/agent.js';
import { findProgram } from '../../src/sandbox/host-programs.js';
import { allowLargerRegisters } from '../../src/sandbox/kernel-image.js';
import { forbidsExecution } from '../../src/sandbox/memory-folder.js';
import { requestProgram } from '../../src/sandbox/network/request-program.js';
import { serverProgram } from '../../src/sandbox/network/server-program.js';
import { allowedProcessors } from '../../src/sandbox/processor.js';
import { sharedFolders } from '../../src/sandbox/visible-folders.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kproxy-test-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test('processors are parsed from ranges', () => {
  expect(allowedProcessors('Name:\tnode\nCpus_allowed_list:\t0-2,5,8-9\n')).toEqual([0, 1, 2, 5, 8, 9]);
  expect(allowedProcessors('Cpus_allowed_list:\t3\n')).toEqual([3]);
});

test('a noexec mount is recognized by its last line', () => {
  const mounts = 'tmpfs /dev/shm tmpfs rw,nosuid,noexec 0 0\ntmpfs /run tmpfs rw 0 0\n';
  expect(forbidsExecution(mounts, '/dev/shm')).toBe(true);
  expect(forbidsExecution(mounts, '/run')).toBe(false);
  expect(forbidsExecution(`${mounts}tmpfs /dev/shm tmpfs rw 0 0\n`, '/dev/shm')).toBe(false);
});

test('folders below the guest’s own folders are shared, outer ones first, links at both paths', () => {
  mkdirSync(join(folder, 'inner'));
  symlinkSync('/usr', join(folder, 'link'));
  expect(sharedFolders(['/usr', join(folder, 'link'), join(folder, 'inner'), folder])).toEqual([
    { target: folder, source: folder },
    { target: join(folder, 'link'), source: '/usr' },
    { target: join(folder, 'inner'), source: join(folder, 'inner') },
  ]);
});

test('programs are found by name and by path', () => {
  expect(findProgram('sh')).toMatch(/\/sh$/);
  expect(findProgram('/bin/sh')).toBe('/bin/sh');
  expect(findProgram('no-such-program')).toBeUndefined();
});

test('allowing larger register sets changes one number of the installed kernel', () => {
  const image = readFileSync(findProgram('linux.uml') ?? '/usr/bin/linux.uml');
  const changed = allowLargerRegisters(image);
  const start = image.findIndex((byte, index) => byte !== changed?.[index]);
  expect([image.readUInt32LE(start), changed?.readUInt32LE(start)]).toEqual([2_696, 65_536]);
  expect(changed?.subarray(start + 4).equals(image.subarray(start + 4))).toBe(true);
});

test('an image without that code is left unchanged', () => {
  expect(allowLargerRegisters(Buffer.from('no such code'))).toBeUndefined();
});

test.each([
  ['agent', guestAgent],
  ['server', serverProgram],
  ['request', requestProgram],
])("the guest's %s is Perl without warnings, with perl-base only", (_name, program) => {
  const base = spawnSync('perl', ['-e', 'print join "\\n", grep { m{/perl-base$} } @INC'], { encoding: 'utf8' }).stdout;
  const setPath = `@INC = qw(${base})`;
  const { status, stderr } = spawnSync('perl', ['-c'], {
    input: `BEGIN { ${setPath} }\n${program}`,
    encoding: 'utf8',
  });
  expect(stderr).toBe('- syntax OK\n');
  expect(status).toBe(0);
});
