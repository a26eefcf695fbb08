import { KproxyError } from '../errors.js';

/** Debian's package of each tool, for the message that says what to install. */
const packages: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  ipset: 'ipset',
  ipvsadm: 'ipvsadm',
  modprobe: 'kmod',
  conntrack: 'conntrack',
  sudo: 'sudo',
};
const packageOf = (program: string): string =>
  packages[program] ?? (program.startsWith('ip') ? 'iptables' : 'coreutils');

/** The error for a tool that this machine does not have. */
export const missing = (program: string): KproxyError =>
  new KproxyError({
    message: `${program} is not installed`,
    advice: `Install it (apt-get install ${packageOf(program)}) and run kproxy again.`,
    code: 'tool-missing',
  });

/**
 * The error for a tool that has been given up. Where the node is being changed, applying says so and makes an exit code of its own of it.
 * @param left processes that could not be killed
 */
export function hanging(argv: readonly string[], timeoutMilliseconds: number, left: readonly number[]): KproxyError {
  const what = `\`${argv.join(' ')}\` did not end within ${timeoutMilliseconds / 1000} s`;
  return new KproxyError({
    message: left.length === 0 ? `${what} and was killed` : `${what} and cannot be killed: process ${left.join(', ')}`,
    advice: [
      'See what holds it up (another program that holds the xtables lock, for example) and run kproxy again: it goes on where it stopped.',
      ...(left.length === 0 ? [] : ['It waits for what is still running.']),
    ].join(' '),
    code: 'tool-hangs',
  });
}
