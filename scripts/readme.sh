#!/bin/sh
# Runs the commands of README.md's transcripts in a sandbox and writes what they print into it. A test says when that is due.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/readme.js
