import { rmdirSync, rmSync } from 'node:fs';
import type { KproxyError } from '../../errors.js';
import type { Lab } from '../../tutorial/lab/lab.js';
import type { Share } from '../../tutorial/play/run-lesson.js';
import { offerShells } from '../../tutorial/share/offer-shells.js';
import { socketPath } from '../../tutorial/share/share-folder.js';
import { ownShareFolder } from './share-folder.js';

export const noShare: Share = { problem: undefined, whileRestarting: work => work(), close: async () => {} };

/** Offers shells on the lesson's machines to other terminals. The lesson goes on if that is impossible. */
export async function shareShells(lab: Lab): Promise<Share> {
  const folder = ownShareFolder();
  const offer = await offerShells({ folder, openShell: (...all) => lab.openShell(...all) });
  if (offer.kind === 'taken') return { ...noShare, problem: offer };
  if (offer.kind === 'impossible')
    return { ...noShare, problem: { kind: 'impossible', reason: inOneLine(offer.error) } };
  const remove = () => removeSocket(folder);
  // Before what ends this process if its terminal is gone.
  process.prependOnceListener('exit', remove);
  return {
    ...offer,
    problem: undefined,
    async close() {
      await offer.close();
      // From now on, a socket at this path is another lesson's.
      process.removeListener('exit', remove);
    },
  };
}

/** If the terminal is gone, the process may end before the socket is closed. */
function removeSocket(folder: string): void {
  rmSync(socketPath(folder), { force: true });
  try {
    rmdirSync(folder);
  } catch {
    // It is gone already, or has something else in it.
  }
}

const inOneLine = ({ message, evidence = '', advice = '' }: KproxyError): string =>
  [message, evidence, advice]
    .filter(text => text !== '')
    .map(text => (text.endsWith('.') ? text : `${text}.`))
    .join(' ');
