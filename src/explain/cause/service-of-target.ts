import { type ServicePort, servicePorts } from '../../proxy/service-port.js';
import type { CauseInput } from './cause-input.js';

/** Returns the Service port that a target belongs to, or undefined for an address that no Service has. */
export function servicePortOf({ cluster, target, family, protocol }: CauseInput): ServicePort | undefined {
  const isMeant = (port: ServicePort): boolean =>
    port.id === target.servicePort &&
    port.family === family &&
    port.protocol === protocol &&
    (port.port === target.port || port.nodePort === target.port);
  return cluster.services.flatMap(service => servicePorts(service)).find(isMeant);
}
