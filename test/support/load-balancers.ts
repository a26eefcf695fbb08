import { serviceObject } from './sample-objects.js';

/**
 * Returns a Service with load balancer VIPs in a network (`10.98`) and source ranges. Each VIP has an entry for each
 * range.
 */
export const loadBalancerWith = (name: string, network: string, addresses: number, ranges: number): object => ({
  ...serviceObject(name, `${network}.0.1`, {
    type: 'LoadBalancer',
    loadBalancerSourceRanges: Array.from({ length: ranges }, (_, index) => `11.${index >> 8}.${index & 255}.0/24`),
  }),
  status: {
    loadBalancer: { ingress: Array.from({ length: addresses }, (_, index) => ({ ip: `${network}.1.${index + 1}` })) },
  },
});
