#!/bin/sh
# Makes this folder ready for the demo (`demo`) or the tests (`test`): Debian packages, npm packages, build. Fast where all that is done.
set -eu
cd "$(dirname "$0")/.."

for program in node npm; do
  command -v "$program" >/dev/null || { echo "Node 20 or later, with npm, is needed: there is no $program." >&2; exit 1; }
done
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || {
  echo "Node 20 or later is needed; this is $(node --version)." >&2
  exit 1
}

scripts/install-packages.sh "$1"
node scripts/npm-in-step.js || npm ci --no-audit --no-fund --loglevel=error
node scripts/build.js
