import type { BindAddress } from '../net/bind-address.js';
import { plainText } from './answer.js';
import { createHttpServer, servePages } from './http-server.js';
import { type Listener, type ListenOptions, startListening } from './listen.js';
import type { PrometheusMetrics } from './metrics.js';
import { shareForAWhile } from './share-for-a-while.js';

export interface MetricsServerOptions extends ListenOptions {
  readonly metrics: Pick<PrometheusMetrics, 'contentType' | 'text'>;
  /** Returns a time in milliseconds that only grows. Default: the process's. */
  readonly now?: () => number;
}

/** To write the metrics takes some milliseconds, and no client needs newer ones. */
const sharedMilliseconds = 1_000;

/**
 * Serves `/metrics` and, as kube-proxy does on the same port, `/healthz` (of this server alone) and `/proxyMode`. The
 * metrics are at most a second old.
 */
export function startMetricsServer(address: BindAddress, options: MetricsServerOptions): Listener {
  const { metrics, now = () => performance.now() } = options;
  const text = shareForAWhile(() => metrics.text(), sharedMilliseconds, now);
  const server = createHttpServer(
    servePages({
      '/metrics': async () => ({ code: 200, contentType: metrics.contentType, body: await text() }),
      '/healthz': () => plainText('ok'),
      '/proxyMode': () => plainText('ipvs'),
    }),
  );
  return startListening(server, { ...address, what: '/metrics' }, options);
}
