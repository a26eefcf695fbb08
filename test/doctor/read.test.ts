import { describe, expect, test } from 'vitest';
import { allowedIn } from '../../src/doctor/read/access-reviews.js';
import { factOf } from '../../src/doctor/read/fact.js';
import { systemOf } from '../../src/doctor/read/machine.js';
import { managerIn } from '../../src/doctor/read/this-machine.js';
import { KproxyError } from '../../src/errors.js';

test.each([
  ['PRETTY_NAME="Debian GNU/Linux 12"\nID=debian\n', 'debian'],
  ['ID=ubuntu\nID_LIKE=debian\n', 'ubuntu'],
  ['ID=linuxmint\nID_LIKE="ubuntu debian"\n', 'ubuntu'],
  ['ID="rocky"\nID_LIKE="rhel centos fedora"\n', 'fedora'],
  ['ID=fedora\n', 'fedora'],
  ['ID=arch\n', 'other'],
  ['NOTID=debian\n', 'other'],
  ['', 'other'],
])('os-release %j is of %s', (text, system) => {
  expect(systemOf(text)).toBe(system);
});

test.each([
  ['0::/kubepods.slice/kubepods-besteffort.slice/cri-containerd-1.scope\n', 'pod'],
  ['11:cpu:/kubepods/burstable/pod1/2\n', 'pod'],
  ['0::/system.slice/kube-proxy.service\n', 'kube-proxy.service'],
  ['0::/user.slice/user-0.slice/session-1.scope\n', undefined],
  ['0::/system.slice/a;b.service\n', undefined],
  ['', undefined],
])('the control group %j is of %s', (text, manager) => {
  expect(managerIn(text)).toBe(manager);
});

describe('answers about access', () => {
  const lines = [
    ...['services', 'nodes', 'endpoints'].flatMap(name => [`list ${name}  true`, `watch ${name}  true`]),
    'list endpointslices discovery.k8s.io true',
    'watch endpointslices discovery.k8s.io false',
    'create events events.k8s.io true',
    'update events events.k8s.io true',
  ];

  test('are read whatever their order is', () => {
    const facts = allowedIn(lines.toReversed().join('\n'));
    expect(facts?.filter(({ isAllowed }) => !isAllowed)).toEqual([
      { verb: 'watch', resource: 'endpointslices.discovery.k8s.io', isAllowed: false },
    ]);
    expect(facts).toHaveLength(lines.length);
  });

  test('count only if all of them are there', () => {
    expect(allowedIn(lines.slice(1).join('\n'))).toBeUndefined();
    expect(allowedIn(lines.join('\n').replace('false', 'perhaps'))).toBeUndefined();
  });
});

describe('a fact', () => {
  test('has the reason why it could not be read, in one line', async () => {
    const error = new KproxyError({ code: 'tool-failed', message: 'it failed', evidence: 'for a reason\nmore' });
    expect(await factOf(() => Promise.reject(error))).toEqual({ is: 'unread', why: 'it failed (for a reason)' });
    const denied = Object.assign(new Error('EACCES: permission denied\u001b[31m'), { code: 'EACCES' });
    expect(await factOf(() => Promise.reject(denied))).toMatchObject({ why: 'EACCES: permission denied\\u001b[31m' });
  });

  test('is never a bug', async () => {
    await expect(factOf(() => Promise.reject(new TypeError('a bug')))).rejects.toThrow('a bug');
  });
});
