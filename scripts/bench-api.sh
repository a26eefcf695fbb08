#!/bin/sh
# Measures what a real API server sends to one node, to kproxy and to the real kube-proxy: at the start, for heartbeats
# of all Nodes, and for changes of readiness. See --help.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh demo
programs=$(scripts/build-kubernetes.sh etcd kube-apiserver kube-controller-manager kubectl kube-proxy)
exec node .build/bench-api.js "$programs" "$@"
