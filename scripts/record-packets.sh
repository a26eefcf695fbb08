#!/bin/sh
# Records what the real kube-proxy in ipvs mode does with the packets of test/kernel/packets/services, in a sandbox with a real control plane, and
# writes that to kube-proxy.json there. Fails where the table says something else. Builds Kubernetes' programs first, where they are not built yet: see
# scripts/build-kubernetes.sh.
set -eu
cd "$(dirname "$0")/.."
scripts/prepare.sh test
scripts/build-kubernetes.sh etcd kube-apiserver kubectl kube-proxy >/dev/null
exec node_modules/.bin/vitest run --config test/kernel/packets/record/vitest.config.ts
