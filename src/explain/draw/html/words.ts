import { addressAndPort } from '../../../net/address.js';
import type { Flow } from '../../explanation.js';
import type { Ends } from '../../packet.js';
import type { BackendPlace, End, Verdict } from '../../trace.js';

/** A sign that repeats each verdict. The word is always beside it. */
export const signs: Readonly<Record<Verdict, string>> = {
  answered: '✓',
  refused: '✕',
  dropped: '✕',
  unanswered: '✕',
  unknown: '?',
};

/** Returns `10.0.0.1:80`, `[fd00::1]:80`, or the address alone if the port is not known. */
export const endText = (address: string, port: number | undefined): string =>
  port === undefined ? address : addressAndPort(address, port);

export const sourceText = ({ source, sourcePort }: Ends): string => endText(source, sourcePort);
export const destinationText = ({ destination, destinationPort }: Ends): string =>
  endText(destination, destinationPort);
export const endsText = (ends: Ends): string => `${sourceText(ends)} → ${destinationText(ends)}`;

/** Returns `50 %`, or undefined if the share is not known. */
export const shareText = (share: number | undefined): string | undefined =>
  share === undefined ? undefined : `${Math.round(share * 1000) / 10} %`;

const places: Readonly<Record<BackendPlace | 'this node', string>> = {
  here: 'on this node',
  elsewhere: 'on another node',
  'the client itself': 'the client itself',
  'this node': 'a process of this node',
};
export const placeText = (place: BackendPlace | 'this node'): string => places[place];

export const clientText = ({ client: { label, address } }: Flow): string =>
  address === undefined || label.includes(address) ? label : `${label} (${address})`;

export const targetText = ({ target: { address, port }, protocol }: Flow): string =>
  `${addressAndPort(address, port)} ${protocol}`;

/** Returns how a way ends, for the place at which it does: `✕ refused: Connection refused`. */
export const outcomeText = ({ verdict, clientSees }: End): string =>
  verdict === 'answered' ? `${signs.answered} ${clientSees}` : `${signs[verdict]} ${verdict}: ${clientSees}`;
