import type { BindAddress } from '../net/bind-address.js';
import { createHttpServer, plainText, servePages } from './http-server.js';
import { type Listener, type ListenOptions, startListening } from './listen.js';
import type { PrometheusMetrics } from './metrics.js';

export interface MetricsServerOptions extends ListenOptions {
  readonly metrics: Pick<PrometheusMetrics, 'contentType' | 'text'>;
}

/** Serves `/metrics` and, as kube-proxy does on the same port, `/healthz` (of this server alone) and `/proxyMode`. */
export function startMetricsServer(address: BindAddress, options: MetricsServerOptions): Listener {
  const { metrics } = options;
  const server = createHttpServer(
    servePages({
      '/metrics': async () => ({ code: 200, contentType: metrics.contentType, body: await metrics.text() }),
      '/healthz': () => plainText('ok'),
      '/proxyMode': () => plainText('ipvs'),
    }),
  );
  return startListening(server, { ...address, what: '/metrics' }, options);
}
