#!/bin/sh
# Measures kproxy against the tools that it runs and against the budgets. With --quick, measures only what kproxy itself
# costs: start-up, the processes of a sync, and with --tests the time of the demo and of all tests. See --help.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/bench.js "$@"
