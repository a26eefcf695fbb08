import { get } from 'node:http';

/** Where kube-proxy serves its metrics unless it is told otherwise. */
const usualUrl = 'http://127.0.0.1:10249/proxyMode';
/** In milliseconds. */
const limit = 1_000;
/** In characters. */
const longest = 20;

/** Asks the kube-proxy of this machine for its mode. Returns undefined if it does not say. */
export const readKubeProxyMode = (url = usualUrl): Promise<string | undefined> =>
  new Promise(resolve => {
    const request = get(url, { signal: AbortSignal.timeout(limit) }, response => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > longest) request.destroy();
      });
      response.on('error', () => resolve(undefined));
      response.on('close', () => resolve(modeIn(text)));
    });
    request.on('error', () => resolve(undefined));
  });

/** Something else may listen there. */
const modeIn = (text: string): string | undefined => /^(?:iptables|ipvs|nftables|kernelspace)$/.exec(text.trim())?.[0];
