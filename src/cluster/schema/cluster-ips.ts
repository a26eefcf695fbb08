import type * as z from 'zod';
import { type Family, familyOf } from '../../net/address.js';
import { indexOfSecond, isAddress } from './one-per-family.js';

interface ClusterIpFields {
  readonly clusterIP?: string | null | undefined;
  readonly clusterIPs?: readonly string[] | null | undefined;
  readonly ipFamilies?: readonly Family[] | null | undefined;
}

/**
 * Checks a Service's cluster IPs against each other and against its families, as the API server does, and fills in
 * `clusterIP` from `clusterIPs`. Returns the spec itself if nothing is missing.
 */
export function checkClusterIps<Spec extends ClusterIpFields>(spec: Spec, context: z.core.$RefinementCtx): Spec {
  const { clusterIP, clusterIPs, ipFamilies } = spec;
  if (clusterIPs == null || clusterIPs.length === 0) return spec;
  const report = (index: number, message: string): void =>
    context.addIssue({ code: 'custom', message, path: ['clusterIPs', index] });
  if (clusterIP && clusterIP !== clusterIPs[0]) report(0, `is not the same as clusterIP, ${clusterIP}`);
  const second = indexOfSecond(clusterIPs);
  if (second >= 0) report(second, `is a second ${familyOf(clusterIPs[second] as string)} address`);
  for (let index = 0; index < clusterIPs.length; index += 1) {
    const [address, family] = [clusterIPs[index] as string, ipFamilies?.[index]];
    if (family !== undefined && isAddress(address) && familyOf(address) !== family)
      report(index, `is not an ${family} address, as ipFamilies says`);
  }
  return clusterIP ? spec : { ...spec, clusterIP: clusterIPs[0] };
}
