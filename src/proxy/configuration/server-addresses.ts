import { KproxyError } from '../../errors.js';
import { familyOf } from '../../net/address.js';
import { type BindAddress, parseBindAddress } from '../../net/bind-address.js';
import type { Configuration } from './configuration.js';

/** The deprecated flags `--healthz-port` and `--metrics-port`, as on the command line. */
export interface ServerPorts {
  readonly healthzPort?: string;
  readonly metricsPort?: string;
}

/** Undefined serves nowhere. */
export interface ServerAddresses {
  readonly healthzBindAddress: BindAddress | undefined;
  readonly metricsBindAddress: BindAddress | undefined;
}

/**
 * Returns where the servers listen. Without an address of their own, an IPv6 bindAddress of the file gives them IPv6
 * addresses, as in kube-proxy. A port counts for an address without one, and 0 turns the server off.
 * @throws KproxyError option-invalid for a port
 */
export function serverAddresses(
  { values, originOf }: Configuration,
  { healthzPort, metricsPort }: ServerPorts,
): ServerAddresses {
  const isIpv6 = originOf('bindAddress').from === 'file' && familyOf(values.bindAddress) === 'IPv6';
  const resolve = (path: keyof ServerAddresses, standard: Standard, port: number): BindAddress | undefined => {
    if (port === 0) return undefined;
    if (originOf(path).from === 'default') return { host: isIpv6 ? standard.IPv6 : standard.IPv4, port: standard.port };
    const parsed = parseBindAddress(values[path]);
    return parsed && { host: parsed.host, port: parsed.port ?? port };
  };
  const healthz = portOf('--healthz-port', healthzPort, standards.healthz.port);
  const metrics = portOf('--metrics-port', metricsPort, standards.metrics.port);
  return {
    healthzBindAddress: resolve('healthzBindAddress', standards.healthz, healthz),
    metricsBindAddress: resolve('metricsBindAddress', standards.metrics, metrics),
  };
}

interface Standard {
  readonly IPv4: string;
  readonly IPv6: string;
  readonly port: number;
}

const standards = {
  healthz: { IPv4: '0.0.0.0', IPv6: '::', port: 10_256 },
  metrics: { IPv4: '127.0.0.1', IPv6: '::1', port: 10_249 },
} as const satisfies Readonly<Record<string, Standard>>;

function portOf(flag: string, text: string | undefined, standard: number): number {
  if (text === undefined || text === '') return standard;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new KproxyError({
    message: `${flag}: ${JSON.stringify(text)} is not a port number`,
    advice: 'Write a number from 1 to 65535, or 0 to turn the server off. Nothing was changed.',
    code: 'option-invalid',
  });
}
