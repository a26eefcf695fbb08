#!/bin/sh
# Measures what kproxy costs: how fast it starts, how many processes a sync takes, and with --tests how long the demo and all tests take.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/measure.js "$@"
