import { endpointsIn, notReadyIn } from '../observe/endpoints.js';
import type { Missing } from '../observe/observed.js';
import type { EndpointsCheck } from './check.js';
import { type Judge, missing } from './missing.js';

export const missingEndpoints: Judge<EndpointsCheck> = ({ name, addresses, port }, { objects }) => {
  const object = `endpoints/${name}`;
  const found = objects.get(object);
  if (found === undefined) return missing(texts => texts.objectIsMissing({ object }));
  const listed = endpointsIn(found);
  const wanted = addresses.map(address => `${address}:${port}`);
  if (listed.length === 0 && notReadyIn(found).length === 0)
    return wanted.length === 0 ? undefined : missing(texts => texts.endpointsAreEmpty({ object }));
  const lacking = wanted.find(address => !listed.includes(address));
  if (lacking !== undefined) return notListed(object, lacking, listed, notReadyIn(found));
  const address = listed.find(item => !wanted.includes(item));
  return address === undefined ? undefined : missing(texts => texts.endpointIsTooMuch({ object, address }));
};

function notListed(
  object: string,
  wanted: string,
  listed: readonly string[],
  notReady: readonly string[],
): Missing | undefined {
  const [address = '', port = ''] = wanted.split(':', 2);
  if (notReady.includes(wanted)) return missing(texts => texts.endpointIsNotReady({ object, address }));
  if (listed.includes(address)) return missing(texts => texts.endpointHasNoPort({ object, wanted: port }));
  const other = listed.find(item => item.startsWith(`${address}:`));
  if (other === undefined) return missing(texts => texts.endpointIsMissing({ object, address }));
  const actual = other.slice(address.length + 1);
  return missing(texts => texts.endpointHasOtherPort({ object, address, actual, wanted: port }));
}
