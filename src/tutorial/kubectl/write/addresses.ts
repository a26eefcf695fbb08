import { isIP, isIPv4 } from 'node:net';

const notAnAddress = 'must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)';

/** Returns what is wrong with an address as the API server says it, or undefined. */
export function addressProblem(ip: string): string | undefined {
  if (isIP(ip) !== 0) return undefined;
  return isIPv4(ip.replace(/(^|\.)0+(?=\d)/g, '$1')) ? 'must not have leading 0s' : notAnAddress;
}

/** Addresses that no endpoint can have, since packets to them never leave a node. */
const local: readonly (readonly [RegExp, string])[] = [
  [/^(0\.0\.0\.0)$/, 'may not be unspecified (0.0.0.0)'],
  [/^::$/, 'may not be unspecified (::)'],
  [/^(127\.|::1$)/, 'may not be in the loopback range (127.0.0.0/8, ::1/128)'],
  [/^(169\.254\.|fe[89ab][0-9a-f]:)/i, 'may not be in the link-local range (169.254.0.0/16, fe80::/10)'],
  [/^(224\.0\.0\.|ff02:)/i, 'may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'],
];

/** Returns all that is wrong with the address of an endpoint. */
export function endpointAddressProblems(ip: string): readonly string[] {
  const problem = addressProblem(ip);
  // The API server checks such a text twice, in two ways, and says so twice.
  if (problem === notAnAddress) return [notAnAddress, 'must be a valid IP address'];
  if (problem !== undefined) return [problem];
  return local.filter(([pattern]) => pattern.test(ip)).map(([, words]) => words);
}
