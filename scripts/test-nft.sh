#!/bin/sh
# Runs the packet tests and some others on a virtual machine with a kernel of Debian, which has the nft back end of
# iptables besides the legacy one.
#
#   scripts/test-nft.sh [linux-image-….deb] [ARGUMENT OF VITEST...]     default: the kernel that apt would install
#
# Takes half an hour, because the processor is emulated. Fails if QEMU or the package is not available.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
scripts/prepare.sh test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

missing=''
for pair in qemu-system-x86_64:qemu-system-x86 cpio:cpio xz:xz-utils nft:nftables; do
  command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
[ -z "$missing" ] || { echo "These packages are missing:$missing. Install them and run this again." >&2; exit 1; }

case ${1-} in
  *.deb)
    package=$(realpath "$1")
    shift
    ;;
  *)
    name=$(apt-cache depends linux-image-amd64 | awk '$1 == "Depends:" { print $2; exit }')
    (cd "$work" && apt-get download "$name" >/dev/null)
    package=$(echo "$work"/*.deb)
    ;;
esac

scripts/unpack-kernel.sh "$package" "$work/kernel"
echo "Linux $(cat "$work/kernel/release"), $(iptables --version)"
export KPROXY_TEST_KERNEL="$work/kernel"
run() { node_modules/.bin/vitest run --config test/kernel/nft/vitest.config.ts "$@"; }

if [ $# -gt 0 ]; then
  run "$@"
else
  run test/kernel/nft test/kernel/hard-names.test.ts test/kernel/packets test/kernel/trust
  # The recorded clusters that differ most from each other. All of them would take an hour.
  names="kube-proxy: '(dual-stack|load-balancer|node-port-local)'\$"
  # vitest succeeds even if no test has such a name.
  [ "$(node_modules/.bin/vitest list --project kernel test/kernel/parity.test.ts -t "$names" | wc -l)" -eq 3 ] ||
    { echo "test/kernel/parity.test.ts does not have three tests that match: $names" >&2; exit 1; }
  run test/kernel/parity.test.ts -t "$names"
fi
