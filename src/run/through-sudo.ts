import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { chosenFolders } from './tool-path.js';

/**
 * Returns the command that runs a tool through sudo. sudo has its own list of folders, so a tool of --tool-path is
 * named by its path.
 */
export function throughSudo([program = '', ...rest]: readonly string[]): readonly string[] {
  const chosen = program.includes('/')
    ? undefined
    : chosenFolders()
        .map(folder => join(folder, program))
        .find(isProgram);
  return ['sudo', chosen ?? program, ...rest];
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
