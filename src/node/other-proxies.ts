import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** Other programs that write the table of IPVS, and what happens if they run beside kproxy. */
const knownProxies: ReadonlyMap<string, string> = new Map(
  Object.entries({
    'kube-proxy':
      'in ipvs mode it removes what it does not need itself. Stop it: what it has programmed stays, and kproxy ' +
      'takes it over.',
    'kube-router': 'with --run-service-proxy it programs the same Services. Let only one of the two do it.',
    keepalived: 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0.',
    ldirectord: 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0.',
  }),
);

/** Another program that programs IPVS. */
export interface OtherProxy {
  readonly name: string;
  readonly process: number;
  /** What happens if it runs beside kproxy, in whole sentences after a colon. */
  readonly consequence: string;
}

/** Returns a line for each other program in this network namespace that programs IPVS. */
export const otherProxies = (): readonly string[] =>
  findOtherProxies().map(
    ({ name, process, consequence }) => `${name} runs on this node too (process ${process}): ${consequence}`,
  );

/** Returns the other programs in this network namespace that program IPVS. */
export function findOtherProxies(): readonly OtherProxy[] {
  const here = networkOf('self');
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return processes.flatMap(process => asProxy(process, here) ?? []);
}

function asProxy(process: string, here: string | undefined): OtherProxy | undefined {
  const name = (read(() => nameOf(process)) ?? '').trim();
  const consequence = knownProxies.get(name);
  if (consequence === undefined) return undefined;
  const there = networkOf(process);
  return there === undefined || there === here ? { name, process: Number(process), consequence } : undefined;
}

/** The kernel cuts names to fifteen characters. */
const nameBuffer = Buffer.alloc(16);

/** Reads with one system call, because there may be hundreds of processes. */
function nameOf(process: string): string {
  const file = openSync(`/proc/${process}/comm`, 'r');
  try {
    return nameBuffer.toString('utf8', 0, readSync(file, nameBuffer));
  } finally {
    closeSync(file);
  }
}

const networkOf = (process: string): string | undefined => read(() => readlinkSync(`/proc/${process}/ns/net`));

/** Returns undefined if the process has ended or belongs to another user. */
function read(file: () => string): string | undefined {
  try {
    return file();
  } catch {
    return undefined;
  }
}
