import { readdir, readFile, readlink } from 'node:fs/promises';

/** Programs that write IPVS's table too, and what becomes of that beside kproxy. */
const known: Readonly<Record<string, string>> = {
  'kube-proxy':
    'in ipvs mode it undoes what it does not want itself; stop it: what it has programmed stays, and kproxy takes it over',
  'kube-router': 'with --run-service-proxy it programs the same Services; let one of the two do it',
  keepalived: 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0',
  ldirectord: 'its virtual servers stay as they are, as long as their addresses are not on kube-ipvs0',
};

/** A line for each other program of this network namespace that works on IPVS. */
export async function otherProxies(): Promise<readonly string[]> {
  const here = await networkOf('self');
  const processes = (await readdir('/proc')).filter(name => /^\d+$/.test(name));
  const lines = await Promise.all(processes.map(process => describe(process, here)));
  return lines.filter(line => line !== undefined);
}

async function describe(process: string, here: string | undefined): Promise<string | undefined> {
  const name = (await readFile(`/proc/${process}/comm`, 'utf8').catch(() => '')).trim();
  const consequence = known[name];
  if (consequence === undefined) return undefined;
  const there = await networkOf(process);
  return there === undefined || there === here
    ? `${name} runs on this node too (process ${process}): ${consequence}`
    : undefined;
}

/** Undefined where the process has ended, or is another user's. */
const networkOf = (process: string): Promise<string | undefined> =>
  readlink(`/proc/${process}/ns/net`).catch(() => undefined);
