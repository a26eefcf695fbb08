#!/bin/sh
# Installs the Debian packages that the demo (`demo`) or the tests (`test`) need and this machine lacks. Does nothing where all are there.
set -eu

# The package of each program that must be there.
demo='linux.uml:user-mode-linux modprobe:kmod ipset:ipset iptables:iptables ipvsadm:ipvsadm ip:iproute2 curl:curl'
test='conntrack:conntrack busybox:busybox-static shellcheck:shellcheck'

case ${1-} in
  demo) wanted=$demo ;;
  test) wanted="$demo $test" ;;
  *) echo "usage: $0 demo|test" >&2; exit 2 ;;
esac

# Ordinary users often have no sbin in their PATH.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

missing=''
for pair in $wanted; do
  command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0

advice="Install them and run this again. On Debian and Ubuntu: apt-get install$missing"
command -v apt-get >/dev/null || { echo "These packages are missing:$missing. $advice" >&2; exit 1; }
as_root=''
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || { echo "These packages are missing, and there is no sudo:$missing. $advice" >&2; exit 1; }
  as_root=sudo
fi

echo "Installing$missing"
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get -qq update
# shellcheck disable=SC2086 # words on purpose: no package's name has a blank
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
