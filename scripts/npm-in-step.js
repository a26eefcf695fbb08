// Ends with 0 where node_modules holds what the lock file says, and with 1 where `npm ci` is due.
import { readFileSync } from 'node:fs';

function packagesOf(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

const wanted = packagesOf('package-lock.json') ?? {};
const installed = packagesOf('node_modules/.package-lock.json');
// What is optional is for other machines where it is not there.
const isInStep = ([folder, { version, optional }]) =>
  folder === '' || installed[folder]?.version === version || (optional && installed[folder] === undefined);

process.exitCode = installed && Object.entries(wanted).every(isInStep) ? 0 : 1;
