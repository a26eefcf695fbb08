import { describe, expect, test } from 'vitest';
import { type HostMachine, missingOnHost } from '../../../src/tutorial/lab/requirements.js';

const machine = (absent: readonly string[], more: Partial<HostMachine> = {}): HostMachine => ({
  platform: 'linux',
  processor: 'x64',
  has: program => !absent.includes(program),
  ...more,
});

const advised = (host: HostMachine) => {
  const { code, message, advice } = missingOnHost(host) ?? {};
  return { code, message, advice };
};

describe('a machine for the lesson’s kernel', () => {
  test('lacks nothing if it has all programs', () => {
    expect(missingOnHost(machine([]))).toBeUndefined();
  });

  test('is told all missing packages at once, with the command that installs them', () => {
    expect(advised(machine(['linux.uml', 'modprobe', 'ipset', 'xtables-legacy-multi', 'curl']))).toEqual({
      code: 'sandbox-unavailable',
      message:
        "the lesson's kernel needs programs that are not installed: " +
        'linux.uml, modprobe, ipset, xtables-legacy-multi, curl',
      advice: 'Install the packages: sudo apt-get install user-mode-linux kmod ipset iptables curl',
    });
  });

  test('without apt-get is told the names of the packages in Debian', () => {
    expect(advised(machine(['ipvsadm', 'apt-get'])).advice).toBe('Install what Debian and Ubuntu have as: ipvsadm');
  });

  test('runs Linux on x86-64, which is said before any package', () => {
    const advice =
      'Use such a machine, or a virtual one, with these packages of Debian: ' +
      'user-mode-linux kmod ipset iptables ipvsadm iproute2 curl perl-base util-linux';
    expect(advised(machine(['linux.uml'], { platform: 'darwin', processor: 'arm64' }))).toEqual({
      code: 'sandbox-unavailable',
      message: "the lesson's kernel needs Linux on x86-64, and this is macOS on arm64",
      advice,
    });
    expect(advised(machine([], { processor: 'arm64' }))).toEqual({
      code: 'sandbox-unavailable',
      message: "the lesson's kernel needs Linux on x86-64, and this is Linux on arm64",
      advice,
    });
  });
});
