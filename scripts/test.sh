#!/bin/sh
# Runs all checks and tests: lint, types, shell scripts, unit tests, and the tests on a real kernel. Installs missing
# packages first (with sudo, unless you are root). The last line is `N passed, N failed`, and the exit code is 0 only if
# nothing failed.
set -u
cd "$(dirname "$0")/.." || exit 1
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
results=$(mktemp -d) || exit 1
trap 'rm -rf "$results"' EXIT
trap 'exit 130' INT TERM

# Runs a command that must succeed, and writes the result as a line for the summary: check NAME COMMAND…
check() {
  name=$1
  shift
  echo "== $name"
  if "$@" </dev/null; then echo "passed $name" >>"$results/checks"; else echo "failed $name" >>"$results/checks"; fi
}

if ! scripts/prepare.sh test </dev/null; then
  echo 'Preparing the tests failed. See the messages above.' >&2
  echo '0 passed, 1 failed'
  exit 1
fi

check lint node_modules/.bin/biome check --error-on-warnings .
check 'unused code' node_modules/.bin/knip
check 'line width' node scripts/lint/line-width.js
check tables node scripts/lint/tables.js
check types node_modules/.bin/tsc --noEmit
check shellcheck shellcheck .ci/run scripts/*.sh
# For the tests with a real cluster. Takes minutes the first time. Without Go, these tests are left out.
if command -v go >/dev/null; then check 'programs of Kubernetes' scripts/build-kubernetes.sh; fi
echo '== tests'
node_modules/.bin/vitest run --reporter=default --reporter=json --outputFile.json="$results/vitest.json" </dev/null
echo "$?" >"$results/vitest-exit-code"
node scripts/summary.js "$results"
