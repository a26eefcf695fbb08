import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { canonicalAddress } from '../net/address.js';
import { withinTime } from '../run/within-time.js';
import type { KubectlFlags } from './run-kubectl.js';

/** An address and port of the API server. */
export interface ApiServerAddress {
  readonly address: string;
  readonly port: number;
}

/** How long the address of an API server that has a name may be looked for. Without it, the name is not protected. */
const lookupMilliseconds = 1_000;

/**
 * Returns the API servers as this kproxy reaches them: that of `--master`, else those of the kubeconfig's clusters,
 * and their proxies. Names are looked up. What cannot be found out is left out: kubectl reports it better.
 */
export async function apiServerAddresses({ server, kubeconfig }: KubectlFlags): Promise<readonly ApiServerAddress[]> {
  const urls = server === undefined ? kubeconfigPaths(kubeconfig).flatMap(serversIn) : [server];
  return (await Promise.all(urls.map(addressesOfUrl))).flat();
}

/** Returns the files that kubectl reads. */
function kubeconfigPaths(path: string | undefined): readonly string[] {
  if (path !== undefined) return [path];
  const listed = (process.env.KUBECONFIG ?? '').split(':').filter(name => name !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube/config')];
}

/**
 * The fields `server` and `proxy-url` in YAML or JSON, also as a block scalar (`|-` or `>-`). A whole parser would cost
 * more than the rest of reading the file.
 */
const serverField =
  /(?:^|[\s{,"'])(?:server|proxy-url)["']?\s*:\s*(?:[|>][-+\d]*\s+)?["']?((?:https?|socks5):\/\/[^\s"',}]+)/gim;

function serversIn(path: string): readonly string[] {
  try {
    return Array.from(readFileSync(path, 'utf8').matchAll(serverField), ([, url = '']) => url);
  } catch {
    return [];
  }
}

const usualPorts: ReadonlyMap<string, number> = new Map([
  ['http:', 80],
  ['socks5:', 1080],
]);

async function addressesOfUrl(text: string): Promise<readonly ApiServerAddress[]> {
  if (!URL.canParse(text)) return [];
  const { hostname, port, protocol } = new URL(text);
  const usual = usualPorts.get(protocol) ?? 443;
  const withPort = (address: string) => ({ address, port: port === '' ? usual : Number(port) });
  const address = canonicalAddress(hostname.replace(/^\[|\]$/g, ''));
  if (address !== undefined) return [withPort(address)];
  const { lookup } = await import('node:dns/promises');
  const found = await withinTime(
    lookup(hostname, { all: true }).catch(() => []),
    lookupMilliseconds,
  );
  return found === 'late' ? [] : found.map(one => withPort(canonicalAddress(one.address) ?? one.address));
}
