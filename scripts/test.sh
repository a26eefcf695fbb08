#!/bin/sh
# All tests: lint, types, shell scripts, units, and the tests on a real kernel. Installs what is missing first (with sudo, where you are not root).
# The last line says how many checks and tests passed and failed. Ends with 0 only if nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM

# A check is one command that has to succeed: `check NAME COMMAND…`. Its result is a line of the file that the summary reads.
check() {
  name=$1
  shift
  echo "== $name"
  if "$@" </dev/null; then echo "passed $name" >>"$results/checks"; else echo "failed $name" >>"$results/checks"; fi
}

if ! scripts/prepare.sh test </dev/null; then
  echo 'The tests could not be prepared: see above.' >&2
  echo '0 passed, 1 failed'
  exit 1
fi

check lint node_modules/.bin/biome check --error-on-warnings .
check types node_modules/.bin/tsc --noEmit
check shellcheck shellcheck .ci/run scripts/*.sh
# For the tests with a real cluster: takes minutes the first time, and is left out where there is no Go.
if command -v go >/dev/null; then check 'programs of Kubernetes' scripts/build-kubernetes.sh; fi
echo '== tests'
node_modules/.bin/vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json" </dev/null
echo "$?" >"$results/vitest-exit-code"
node scripts/summary.js "$results"
