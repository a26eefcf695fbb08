#!/bin/sh
# Records what the real kube-proxy in ipvs mode does with the packets of test/kernel/packets/services, in a sandbox
# with a real control plane. Writes the record to kube-proxy.json there, the node that kube-proxy programmed to
# kube-proxy-nodes.json.br, and fails if the table of packets differs.
# Builds the programs of Kubernetes first, if they are missing: see scripts/build-kubernetes.sh.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh test
scripts/build-kubernetes.sh etcd kube-apiserver kubectl kube-proxy >/dev/null
exec node_modules/.bin/vitest run --config test/kernel/packets/record/vitest.config.ts
