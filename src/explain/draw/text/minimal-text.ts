import { addressAndPort } from '../../../net/address.js';
import { protocolNames } from '../../../net/protocol.js';
import type { BackendResult, Explanation, Flow } from '../../explanation.js';
import { printable } from '../printable.js';

/**
 * Returns a line for each flow, for grep and for comparison with an earlier run: verdict, protocol and target, client,
 * and the backends or the cause, with two blanks between them. Lines are as wide as they must be.
 */
export const minimalText = (explanation: Explanation): string =>
  printable(explanation)
    .flows.map(flow => `${lineOf(flow)}\n`)
    .join('');

function lineOf(flow: Flow): string {
  const { verdict, protocol, target, client, backends, cause, clientSees, probe } = flow;
  const columns = [
    verdict,
    `${protocolNames[protocol]} ${addressAndPort(target.address, target.port)}`,
    [client.kind.replace(' ', '-'), ...(client.address === undefined ? [] : [client.address])].join(' '),
    ...(backends.length === 0 ? [] : [backends.map(backendText).join(', ')]),
    ...(verdict === 'answered' && cause === undefined ? [] : [cause?.summary ?? clientSees]),
    ...(probe === undefined || probe.agrees ? [] : [`probe: ${probe.verdict}`]),
  ];
  return columns.join('  ');
}

/** Returns `10.244.1.3:8080 saw 10.244.1.9`, or `10.244.1.3:8080 unanswered saw 10.244.1.9`. */
const backendText = ({ address, port, verdict, source }: BackendResult): string =>
  [
    addressAndPort(address, port),
    ...(verdict === 'answered' ? [] : [verdict]),
    ...(source === undefined ? [] : ['saw', source]),
  ].join(' ');
