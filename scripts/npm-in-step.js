// Exits with 0 if node_modules matches package-lock.json, and with 1 if `npm ci` must run.
import { readFileSync } from 'node:fs';

function readPackages(lockFile) {
  try {
    return JSON.parse(readFileSync(lockFile, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

const expected = readPackages('package-lock.json') ?? {};
const actual = readPackages('node_modules/.package-lock.json');

/** Optional packages for other machines are missing here. */
const isInStep = ([folder, { version, optional }]) =>
  folder === '' || actual[folder]?.version === version || (optional && actual[folder] === undefined);

process.exitCode = actual && Object.entries(expected).every(isInStep) ? 0 : 1;
