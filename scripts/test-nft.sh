#!/bin/sh
# The tests of packets, and some others, on a virtual machine with a kernel of Debian, which has iptables' nft back end besides the legacy one:
# scripts/test-nft.sh [linux-image-….deb] [arguments of vitest]. Without a package, takes the kernel that apt would install on Debian.
# Slow, since the processor is emulated: half an hour. Where QEMU or the package cannot be had, it fails.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/sbin:/sbin
scripts/prepare.sh test
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM

missing=''
for pair in qemu-system-x86_64:qemu-system-x86 cpio:cpio xz:xz-utils; do
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
  run test/kernel/nft/backends.ts test/kernel/hard-names.test.ts test/kernel/packets test/kernel/trust
  # Of the recorded clusters those that differ most: all of them would take an hour.
  chosen="kube-proxy: '(dual-stack|load-balancer|node-port-local)'\$"
  # vitest is content where no test has the name.
  [ "$(node_modules/.bin/vitest list --project kernel test/kernel/parity.test.ts -t "$chosen" | wc -l)" -eq 3 ] ||
    { echo "test/kernel/parity.test.ts has other names than: $chosen" >&2; exit 1; }
  run test/kernel/parity.test.ts -t "$chosen"
fi
