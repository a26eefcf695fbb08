import { describe, expect, test, vi } from 'vitest';
import { environmentFor, toolEnvironment, userEnvironment } from '../../src/run/environment.js';
import { throughSudo } from '../../src/run/through-sudo.js';
import { userFolders, useToolPath } from '../../src/run/tool-path.js';
import { folderWith } from './support/folder.js';
import { kproxy } from './support/run-cli.js';

const system = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

describe('--tool-path', () => {
  test.each([
    ['bin', 'bin does not begin with /.'],
    ['.', '. does not begin with /.'],
    ['/opt/bin:', 'A folder is empty.'],
    [':/opt/bin', 'A folder is empty.'],
    ['', 'A folder is empty.'],
    ['/opt/bin:../x', '../x does not begin with /.'],
  ])('refuses a relative or empty folder: %j', async (folders, reason) => {
    const { stderr, exitCode } = await kproxy(['snapshot'], folders);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("option '--tool-path <folders>' argument");
    expect(stderr).toContain(reason);
  });

  test('a tool in it is found before that of the system, and no longer in the next command', async () => {
    const at = folderWith({ ip: '#!/bin/sh\necho planted >&2\nexit 3\n' });
    const snapshot = (...more: readonly string[]) => kproxy([...more, 'snapshot', '--no-sudo', '--node', 'a']);
    expect((await snapshot('--tool-path', at())).stderr).toContain('planted');
    expect((await snapshot()).stderr).not.toContain('planted');
  });
});

describe('where programs are found', () => {
  test('tools: in the folders of the system only, after those of --tool-path', () => {
    vi.stubEnv('PATH', '/home/mallory/bin');
    expect(toolEnvironment()).toEqual({ LC_ALL: 'C', PATH: system.join(':') });
    useToolPath(['/opt/bin']);
    expect(toolEnvironment().PATH).toBe(['/opt/bin', ...system].join(':'));
    useToolPath([]);
    vi.unstubAllEnvs();
  });

  test('kubectl of an ordinary user: also in the absolute folders of PATH; of root: as tools', () => {
    vi.stubEnv('PATH', '.:/home/ada/bin::bin:/usr/bin');
    expect(userFolders(false)).toEqual([
      '/home/ada/bin',
      '/usr/bin',
      '/usr/local/sbin',
      ...system.slice(1).filter(folder => folder !== '/usr/bin'),
    ]);
    expect(userFolders(true)).toEqual(system);
    vi.unstubAllEnvs();
  });

  test('through sudo: a tool of --tool-path by its path, all others by name', () => {
    const at = folderWith({ ipset: '#!/bin/sh\n' });
    expect(throughSudo(['ipset', 'save'])).toEqual(['sudo', 'ipset', 'save']);
    useToolPath([at()]);
    expect(throughSudo(['ipset', 'save'])).toEqual(['sudo', `${at()}/ipset`, 'save']);
    expect(throughSudo(['ip', 'addr'])).toEqual(['sudo', 'ip', 'addr']);
    useToolPath([]);
  });
});

describe('the environment', () => {
  const hostile = {
    ...{ LD_PRELOAD: '/tmp/x.so', LD_LIBRARY_PATH: '/tmp', GCONV_PATH: '/tmp', GLIBC_TUNABLES: 'x', LOCPATH: '/tmp' },
    ...{
      BASH_ENV: '/tmp/x',
      ENV: '/tmp/x',
      'BASH_FUNC_ls%%': '() { id; }',
      SHELLOPTS: 'xtrace',
      PS4: '$(id)',
      IFS: 'x',
    },
    ...{ NODE_OPTIONS: '--require=/tmp/x', PYTHONPATH: '/tmp', PERL5LIB: '/tmp', PERL5OPT: '-Mx', RUBYOPT: '-rx' },
  };
  const harmless = {
    ...{ HOME: '/home/ada', KUBECONFIG: '/home/ada/config', HTTPS_PROXY: 'http://proxy', NO_PROXY: '10.0.0.0/8' },
    ...{ AWS_PROFILE: 'lab', CLOUDSDK_PYTHON: '/usr/bin/python3', ENVIRONMENT: 'lab', ADDRESS: 'x', KUBE_EDITOR: 'vi' },
  };

  test('of kubectl is that of the user without what makes it or its plugins run something else', () => {
    for (const [name, value] of Object.entries({ ...hostile, ...harmless })) vi.stubEnv(name, value);
    const environment = userEnvironment();
    vi.unstubAllEnvs();
    expect(environment).toMatchObject(harmless);
    expect(Object.keys(environment).filter(name => name in hostile)).toEqual([]);
  });

  test('of a tool has none of it, and that of sudo what asking for a password takes', () => {
    for (const [name, value] of Object.entries({ ...hostile, ...harmless, SUDO_ASKPASS: '/usr/bin/ask' }))
      vi.stubEnv(name, value);
    const own = { LC_ALL: 'C', PATH: system.join(':') };
    expect(environmentFor(false)).toEqual(own);
    const throughSudo = environmentFor(true);
    vi.unstubAllEnvs();
    expect(throughSudo).toMatchObject({ ...own, HOME: '/home/ada', SUDO_ASKPASS: '/usr/bin/ask' });
    expect(Object.keys(throughSudo).filter(name => name in hostile || name === 'KUBECONFIG')).toEqual([]);
  });
});
