#!/bin/sh
# Installs the Debian packages that the lesson (`demo`) or the tests (`test`) need and that this machine lacks. Says first
# which ones these are.
set -eu

# Pairs of a program that must be present and its package. A minimal Debian lacks all of them.
demo='linux.uml:user-mode-linux modprobe:kmod ipset:ipset iptables:iptables ipvsadm:ipvsadm ip:iproute2 curl:curl'
test='conntrack:conntrack busybox:busybox-static shellcheck:shellcheck pgrep:procps chromium:chromium'

case ${1-} in
  demo) pairs=$demo ;;
  test) pairs="$demo $test" ;;
  *) echo "usage: $0 demo|test" >&2; exit 2 ;;
esac

# The PATH of ordinary users often lacks sbin.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

machine=$(uname -m)
[ "$machine" = x86_64 ] || {
  echo "This machine is $machine. The kernel of the lesson and of the tests is User-Mode Linux, which Debian has for no" \
    '64-bit processor but x86_64 (amd64).' >&2
  exit 1
}

missing=''
for pair in $pairs; do
  command -v "${pair%%:*}" >/dev/null || missing="$missing ${pair#*:}"
done
[ -n "$missing" ] || exit 0

advice="Install them and run this again. On Debian and Ubuntu, run: apt-get install$missing"
command -v apt-get >/dev/null || { echo "These packages are missing:$missing. $advice" >&2; exit 1; }
as_root=''
if [ "$(id -u)" != 0 ]; then
  command -v sudo >/dev/null || {
    echo "These packages are missing, and sudo is not installed:$missing. $advice" >&2
    exit 1
  }
  as_root=sudo
fi

echo "These Debian packages are missing:$missing"
# What is typed meanwhile is for the program that comes next. sudo asks for a password on the terminal itself.
exec </dev/null
$as_root apt-get -qq update
# shellcheck disable=SC2086 # split into words on purpose: package names have no spaces
all=$(apt-get -qq --simulate install --no-install-recommends $missing | sed -n 's/^Inst \([^ ]*\).*/\1/p')
# shellcheck disable=SC2086
set -- $all
echo "Installing $# packages with apt-get, those that they depend on included: $*"
# shellcheck disable=SC2086
$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq install -y --no-install-recommends $missing >/dev/null
