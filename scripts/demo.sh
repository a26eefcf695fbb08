#!/bin/sh
# The demo: boots a private kernel, plays the master and the workers of a small cluster on it, and shows a Service answering.
# Installs what is missing first (with sudo, where you are not root).
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/demo.js
