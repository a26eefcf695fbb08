#!/bin/sh
# Plays the lesson on its kernel and records the answers, for machines where no such kernel can run. Run this after a
# change of the lesson's commands, or of what they print.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/record-lesson.js
