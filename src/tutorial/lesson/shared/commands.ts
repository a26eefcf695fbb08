/** The options of kproxy while the worker has what the chapter programs, and nothing more. */
export const tutorialOptions = '--profile tutorial --cluster-cidr 10.244.0.0/16';

/** The options of kproxy for everything that a Service needs. */
export const fullOptions = '--cluster-cidr 10.244.0.0/16';

/**
 * Returns a loop that calls an address several times. It always ends with exit code 0, because the turn of the round
 * robin decides which call is the last one.
 */
export function requests(count: number, address = '10.254.10.128'): string {
  const numbers = Array.from({ length: count }, (_, index) => index + 1).join(' ');
  return `for i in ${numbers}; do curl -m 1 ${address} || echo "no answer"; done`;
}
