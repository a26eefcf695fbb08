/** How a Service comes to an address and port. */
export type Title = 'cluster IP' | 'node port' | 'load balancer address' | 'external IP';

/**
 * The rank of each title. The API server gives a cluster IP and a node port to one Service alone, a load balancer's
 * controller writes its addresses, and external IPs are whatever a Service's author writes. So an external IP never
 * takes what another Service was given (CVE-2020-8554).
 */
const ranks: Readonly<Record<Title, number>> = {
  'cluster IP': 0,
  'node port': 0,
  'load balancer address': 1,
  'external IP': 2,
};

/**
 * Returns a text that sorts the claims of one address and port: the first owns it.
 * @param creation sorts Services by age
 */
export const precedence = (title: Title, creation: string): string => `${ranks[title]} ${creation}`;

/** Returns true if one title goes before another one whatever the age of the Services is. */
export const outranks = (one: Title, other: Title): boolean => ranks[one] < ranks[other];

/** Returns true for a title that only says that a Service asks for an address, which may belong to something else. */
export const isAsked = (title: Title | undefined): title is 'external IP' | 'load balancer address' =>
  title === 'external IP' || title === 'load balancer address';

/** Returns the part of a line for the user that says why the owner's title goes before another Service's. */
export const whyOutranked = (ownerTitle: Title, title: Title): string =>
  `as its ${ownerTitle}, which goes before the ${title} of another Service`;
