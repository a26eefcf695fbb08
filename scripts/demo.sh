#!/bin/sh
# The demo: boots a private kernel, plays the master and the workers of a small cluster on it, and shows that a Service
# answers. Installs missing packages first (with sudo, unless you are root).
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node .build/demo.js
