import { type EndpointAddress, type EndpointPort, subsetsOf } from '../objects/endpoints.js';
import type { KubeObject } from '../objects/object.js';
import { endpointAddressProblems } from './addresses.js';
import { invalidValue } from './check-metadata.js';
import { isPortNumber, portRange, protocolProblems } from './check-service.js';
import { labelNameProblem, subdomainProblem } from './names.js';

/** Returns what the API server finds wrong with an Endpoints object that has its defaults. */
export function endpointsProblems(object: KubeObject): readonly string[] {
  return subsetsOf(object).flatMap(({ addresses = [], notReadyAddresses = [], ports = [] }, index) => {
    const path = `subsets[${index}]`;
    if (addresses.length + notReadyAddresses.length === 0)
      return [`${path}: Required value: must specify \`addresses\` or \`notReadyAddresses\``];
    return [
      ...addresses.flatMap((address, place) => addressProblems(`${path}.addresses[${place}]`, address)),
      ...notReadyAddresses.flatMap((address, place) => addressProblems(`${path}.notReadyAddresses[${place}]`, address)),
      ...ports.flatMap((port, place) => portProblems(`${path}.ports[${place}]`, port, ports.length > 1)),
    ];
  });
}

function addressProblems(path: string, { ip = '', nodeName }: Partial<EndpointAddress>): readonly string[] {
  const node = nodeName === undefined ? undefined : subdomainProblem(nodeName);
  return [
    ...endpointAddressProblems(ip).map(problem => invalidValue(`${path}.ip`, ip, problem)),
    ...(node === undefined ? [] : [invalidValue(`${path}.nodeName`, nodeName, node)]),
  ];
}

function portProblems(
  path: string,
  { name = '', port = 0, protocol = 'TCP' }: Partial<EndpointPort>,
  isNameRequired: boolean,
): readonly string[] {
  const problem = name === '' ? undefined : labelNameProblem(name);
  return [
    ...(name === '' && isNameRequired ? [`${path}.name: Required value`] : []),
    ...(problem === undefined ? [] : [invalidValue(`${path}.name`, name, problem)]),
    ...(isPortNumber(port) ? [] : [invalidValue(`${path}.port`, port, portRange)]),
    ...protocolProblems(`${path}.protocol`, protocol),
  ];
}
