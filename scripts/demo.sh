#!/bin/sh
# The demo: the lesson of `kproxy tutorial`. On a terminal it is a lesson to take part in, elsewhere it plays by itself.
# Installs missing packages first (with sudo, unless you are root). Where that fails, the lesson shows recorded answers.
# Options and arguments are those of `kproxy tutorial`.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo optional
# What the lesson calls the command that starts it.
export KPROXY_LESSON=scripts/demo.sh
exec node dist/kproxy.js tutorial "$@"
