#!/bin/sh
# Runs the commands of README.md's transcripts in a sandbox and writes their output into it. A test fails until that is
# done.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/readme.js
