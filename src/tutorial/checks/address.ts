import type { LinkAnswer, Missing, ObjectsAnswer } from '../observe/observed.js';
import type { AddressCheck } from './check.js';
import { noLink } from './link.js';
import { type Judge, missing } from './missing.js';
import { serviceAddresses } from './served-port.js';

export const missingAddress: Judge<AddressCheck> = ({ on, link, address, isAbsent }, { workers, objects }) => {
  const { links } = workers[on];
  const found = links.get(link);
  const isThere = found?.addresses.includes(address) ?? false;
  if (isAbsent) return isThere ? missing(texts => texts.addressIsStillThere({ link, address })) : undefined;
  if (isThere) return undefined;
  if (found === undefined) return noLink(on, link, links);
  return (
    otherPrefix(link, address, found) ??
    otherLink(link, address, links) ??
    otherAddress(link, address, found, objects) ??
    missing(texts => texts.addressIsMissing({ link, address }))
  );
};

const withoutPrefix = (address: string): string => address.split('/', 1)[0] ?? '';

function otherPrefix(link: string, wanted: string, { addresses }: LinkAnswer): Missing | undefined {
  const actual = addresses.find(address => withoutPrefix(address) === withoutPrefix(wanted));
  return actual === undefined ? undefined : missing(texts => texts.addressHasOtherPrefix({ link, actual, wanted }));
}

function otherLink(link: string, address: string, links: ReadonlyMap<string, LinkAnswer>): Missing | undefined {
  const host = withoutPrefix(address);
  const other = [...links].find(([, { addresses }]) => addresses.some(found => withoutPrefix(found) === host))?.[0];
  return other === undefined ? undefined : missing(texts => texts.addressIsOnOtherLink({ link, address, other }));
}

/** An address of another Service is none that was typed wrong. */
function otherAddress(
  link: string,
  address: string,
  { addresses }: LinkAnswer,
  objects: ObjectsAnswer,
): Missing | undefined {
  const services = serviceAddresses(objects);
  const actual = addresses.map(withoutPrefix).find(host => !services.has(host) && !host.includes(':'));
  if (actual === undefined) return undefined;
  return missing(texts => texts.addressIsOther({ link, actual, wanted: withoutPrefix(address) }));
}
