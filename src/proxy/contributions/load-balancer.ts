import { type Contribution, entryText } from '../claim.js';
import { sourceRangeClaims } from '../source-ranges.js';
import { vipClaims, virtualServerClaims } from '../virtual-server.js';

/** The VIPs that a load balancer has announced in the Service's status. */
export const loadBalancer: Contribution = (port, context) =>
  port.loadBalancerIps.flatMap(address => {
    const at = { protocol: port.protocol, address, port: port.port };
    const ask = context.ask.at(at);
    const entry = entryText(address, at.protocol, at.port);
    return [
      ask.entry('KUBE-LOAD-BALANCER', entry),
      ...(port.externalTrafficPolicyLocal ? [ask.entry('KUBE-LOAD-BALANCER-LOCAL', entry)] : []),
      ...sourceRangeClaims(port, address, context, ask),
      ...vipClaims(address, context, ask),
      ...virtualServerClaims(port, at, context.endpoints.external, context, ask),
    ];
  });
