import type { BindAddress } from './bind-address.js';
import { type Answer, httpServer, plainText } from './http-server.js';
import { type Listening, type ListenOptions, listen } from './listen.js';
import type { ServedMetrics } from './metrics.js';

export interface MetricsServerOptions extends ListenOptions {
  readonly metrics: Pick<ServedMetrics, 'contentType' | 'text'>;
}

/** Serves `/metrics`, and as kube-proxy does beside it `/healthz` (of this server alone) and `/proxyMode`. */
export function serveMetrics(address: BindAddress, options: MetricsServerOptions): Listening {
  const { metrics } = options;
  const pages: Readonly<Record<string, () => Answer | Promise<Answer>>> = {
    '/metrics': async () => ({ code: 200, contentType: metrics.contentType, body: await metrics.text() }),
    '/healthz': () => plainText('ok'),
    '/proxyMode': () => plainText('ipvs'),
  };
  const server = httpServer(path => (Object.hasOwn(pages, path) ? pages[path]?.() : undefined));
  return listen(server, { ...address, what: '/metrics' }, options);
}
