import { KproxyError } from '../errors.js';
import { toolFolders } from './tool-path.js';
import { xtablesLockHolder } from './xtables-lock.js';

/** Debian's package of each tool whose name does not tell it. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  ipset: 'ipset',
  ipvsadm: 'ipvsadm',
  modprobe: 'kmod',
  conntrack: 'conntrack',
  sed: 'sed',
  sudo: 'sudo',
};
const packageOf = (program: string): string =>
  packages[program] ?? (program.startsWith('ip') ? 'iptables' : 'coreutils');

/** Returns the error for a tool that is not installed on this machine. */
export const toolMissing = (program: string): KproxyError =>
  new KproxyError({
    message: `${program} is not installed`,
    evidence: `It is in none of the folders ${toolFolders().join(', ')}.`,
    advice:
      `Install it (apt-get install ${packageOf(program)}), or name its folder with --tool-path, and run kproxy ` +
      'again.',
    code: 'tool-missing',
  });

/**
 * Returns the error for a tool that did not end in time.
 * @param survivors the processes that could not be killed
 */
export function toolHangs(
  argv: readonly string[],
  timeoutMilliseconds: number,
  survivors: readonly number[],
): KproxyError {
  const what = `\`${argv.join(' ')}\` did not end within ${timeoutMilliseconds / 1000} s`;
  const isKilled = survivors.length === 0;
  const end = isKilled ? `${what} and was killed` : `${what} and cannot be killed: process ${survivors.join(', ')}`;
  const holder = /tables/.test(argv[0] ?? '') ? xtablesLockHolder() : undefined;
  return new KproxyError({
    message: holder === undefined ? end : `${end}; ${holder} holds the xtables lock`,
    advice: [
      holder === undefined ? 'Find out what blocks it.' : `Find out what ${holder} does, and end it if it hangs.`,
      'Then run kproxy again: it continues where it stopped.',
      ...(isKilled ? [] : ['It waits for the processes that are still running.']),
    ].join(' '),
    code: 'tool-hangs',
  });
}
