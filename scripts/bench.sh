#!/bin/sh
# Measures kproxy against the tools that it runs, and against the budgets: a table, or JSON with -o json. --help says what can be chosen.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/bench.js "$@"
