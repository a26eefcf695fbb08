#!/bin/sh
# Prepares this folder for the lesson (`demo`) or the tests (`test`): installs Debian and npm packages, and builds. Steps
# that are already done take little time. With `demo optional`, missing Debian packages are no error.
set -eu
cd "$(dirname "$0")/.."

for program in node npm; do
  command -v "$program" >/dev/null || { echo "$program is missing. Install Node 20 or later, with npm." >&2; exit 1; }
done
node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' || {
  echo "This is Node $(node --version). Install Node 20 or later." >&2
  exit 1
}

scripts/install-packages.sh "$1" || [ "${2-}" = optional ] || exit
node scripts/npm-in-step.js || {
  echo 'Installing the npm packages of package-lock.json into node_modules'
  npm ci --no-audit --no-fund --loglevel=error </dev/null
}
node scripts/build.js
