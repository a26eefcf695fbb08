import { KproxyError } from '../../errors.js';
import { findProgram } from '../../sandbox/host-programs.js';
import { type Table, table } from '../../table.js';

/** Programs that the lesson runs, with their packages in Debian. */
const packagesOf: Table<string> = table({
  'linux.uml': 'user-mode-linux',
  modprobe: 'kmod',
  ipset: 'ipset',
  'xtables-legacy-multi': 'iptables',
  ipvsadm: 'ipvsadm',
  ip: 'iproute2',
  curl: 'curl',
  perl: 'perl-base',
  taskset: 'util-linux',
});

const allPrograms: readonly string[] = Object.keys(packagesOf);

const packagesText = (programs: readonly string[]): string =>
  programs.map(program => packagesOf[program] ?? program).join(' ');

export interface HostMachine {
  readonly platform: string;
  readonly processor: string;
  readonly has: (program: string) => boolean;
}

const thisMachine: HostMachine = {
  platform: process.platform,
  processor: process.arch,
  has: program => findProgram(program) !== undefined,
};

/** @throws KproxyError sandbox-unavailable, with everything that is missing at once */
export function requireLessonPrograms(machine: HostMachine = thisMachine): void {
  const problem = missingOnHost(machine);
  if (problem !== undefined) throw problem;
}

/** Returns an error that says what a machine lacks for the lesson's kernel, or undefined. */
export function missingOnHost({ platform, processor, has }: HostMachine): KproxyError | undefined {
  if (platform !== 'linux' || processor !== 'x64') {
    const here = `${platformName(platform)} on ${processor}`;
    return unavailable({
      message: `the lesson's kernel needs Linux on x86-64, and this is ${here}`,
      advice: `Use such a machine, or a virtual one, with these packages of Debian: ${packagesText(allPrograms)}`,
    });
  }
  const missing = allPrograms.filter(program => !has(program));
  if (missing.length === 0) return undefined;
  const packages = packagesText(missing);
  return unavailable({
    message: `the lesson's kernel needs programs that are not installed: ${missing.join(', ')}`,
    advice: has('apt-get')
      ? `Install the packages: sudo apt-get install ${packages}`
      : `Install what Debian and Ubuntu have as: ${packages}`,
  });
}

const platformNames: Table<string> = table({ darwin: 'macOS', linux: 'Linux', win32: 'Windows' });

const platformName = (platform: string): string => platformNames[platform] ?? platform;

const unavailable = (texts: { readonly message: string; readonly advice: string }): KproxyError =>
  new KproxyError({
    ...texts,
    code: 'sandbox-unavailable',
    evidence: 'A User-Mode Linux kernel runs as an ordinary program, without root and without changing this machine.',
  });
