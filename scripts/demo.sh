#!/bin/sh
# The demo: the lesson of `kproxy tutorial`. On a terminal it is a lesson to take part in, elsewhere it plays by itself.
# Installs missing packages first (with sudo, unless you are root). Options are those of `kproxy tutorial`.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
exec node dist/kproxy.js tutorial "$@"
