import type { KproxyError } from '../../errors.js';
import type { Lab } from '../../tutorial/lab/lab.js';
import type { Share } from '../../tutorial/play/run-lesson.js';
import { offerShells } from '../../tutorial/share/offer-shells.js';
import { ownShareFolder } from './share-folder.js';

export const noShare: Share = { problem: undefined, whileRestarting: work => work(), close: async () => {} };

/** Offers shells on the lesson's machines to other terminals. The lesson goes on if that is impossible. */
export async function shareShells(lab: Lab): Promise<Share> {
  const folder = ownShareFolder();
  const offer = await offerShells({ folder, openShell: (...all) => lab.openShell(...all) });
  if (offer.kind === 'taken') return { ...noShare, problem: offer };
  if (offer.kind === 'impossible')
    return { ...noShare, problem: { kind: 'impossible', reason: inOneLine(offer.error) } };
  return { ...offer, problem: undefined };
}

const inOneLine = ({ message, evidence = '', advice = '' }: KproxyError): string =>
  [message, evidence, advice]
    .filter(text => text !== '')
    .map(text => (text.endsWith('.') ? text : `${text}.`))
    .join(' ');
