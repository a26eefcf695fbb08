import { closeSync, openSync, readdirSync, readlinkSync, readSync } from 'node:fs';

/** Programs that write IPVS's table too, and what becomes of that beside kproxy. */
const known: Readonly<Record<string, string>> = {
  'kube-proxy':
    'in ipvs mode it undoes what it does not want itself; stop it: what it has programmed stays, and kproxy takes it over',
  'kube-router': 'with --run-service-proxy it programs the same Services; let one of the two do it',
  keepalived: 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0',
  ldirectord: 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0',
};

/** A line for each other program of this network namespace that works on IPVS. */
export function otherProxies(): readonly string[] {
  const here = networkOf('self');
  const processes = readdirSync('/proc').filter(name => /^\d+$/.test(name));
  return processes.flatMap(process => describe(process, here) ?? []);
}

function describe(process: string, here: string | undefined): string | undefined {
  const name = (read(() => nameOf(process)) ?? '').trim();
  const consequence = known[name];
  if (consequence === undefined) return undefined;
  const there = networkOf(process);
  return there === undefined || there === here
    ? `${name} runs on this node too (process ${process}): ${consequence}`
    : undefined;
}

/** The kernel cuts a name to fifteen characters. */
const nameBuffer = Buffer.alloc(16);

/** There may be hundreds of processes, for each of which reading the file to its end would ask the kernel once more. */
function nameOf(process: string): string {
  const file = openSync(`/proc/${process}/comm`, 'r');
  try {
    return nameBuffer.toString('utf8', 0, readSync(file, nameBuffer));
  } finally {
    closeSync(file);
  }
}

const networkOf = (process: string): string | undefined => read(() => readlinkSync(`/proc/${process}/ns/net`));

/** Undefined where the process has ended, or is another user's. */
function read(file: () => string): string | undefined {
  try {
    return file();
  } catch {
    return undefined;
  }
}
