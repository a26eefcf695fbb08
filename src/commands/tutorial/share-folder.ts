import { tmpdir } from 'node:os';
import { shareFolder } from '../../tutorial/share/share-folder.js';

/** Returns the folder in which a lesson of this process's user offers its shells. */
export const ownShareFolder = (): string =>
  shareFolder({ environment: process.env, temporaryFolder: tmpdir(), userId: process.getuid?.() ?? 0 });
