import type { RealServerCheck, ShownCheck } from '../../checks/check.js';
import type { Machine } from '../../machines.js';

export const shown = (on: Machine, ...texts: readonly string[]): ShownCheck => ({ kind: 'shown', on, texts });

/** Each of the two Pods has answered. */
export const bothAnswer = (on: Machine): ShownCheck => shown(on, 'web-inajob saw', 'web-yuanying saw');

/** How curl begins its message if no answer came in time. */
export const noAnswerInTime = 'curl: (28)';

/** How curl begins its message if the connection is refused, or no route leads to the address. */
export const cannotConnect = 'curl: (7)';

/** The real server that the lesson takes out of the Service and puts back. */
export const realServerOnYuanying: RealServerCheck = {
  kind: 'real-server',
  on: 'inajob',
  server: 'TCP 10.254.10.128:80',
  address: '10.244.2.2:8080',
};
