#!/bin/sh
# Runs the two commands of the README on a bare machine: in a Debian 12 with nothing but its required packages
# (debootstrap --variant=minbase), into which Node and this folder with its npm packages are copied. So it finds programs
# that the demo or the tests use and that scripts/install-packages.sh does not install.
#
#   scripts/test-bare.sh [demo|test]     default: both, as root
#
# Needs debootstrap. BARE_ROOT is the folder of the machine, which is kept if it is given. BARE_MIRROR is the mirror of
# Debian, by default debootstrap's own.
set -eu
cd "$(dirname "$0")/.."
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

fail() { echo "$1" >&2; exit 1; }
case ${1-} in
  demo | test) commands=$1 ;;
  '') commands='demo test' ;;
  *) echo "usage: $0 [demo|test]" >&2; exit 2 ;;
esac
[ "$(id -u)" = 0 ] || fail 'A chroot needs root. Run this again with sudo.'
command -v debootstrap >/dev/null || fail 'debootstrap is missing. Install it: apt-get install debootstrap'
[ -d node_modules ] || fail 'node_modules is missing. Run npm ci first.'

root=${BARE_ROOT-}
[ -n "$root" ] || root=$(mktemp -d /var/tmp/kproxy-bare-XXXXXX)
unmount() { for folder in /dev/shm /dev/pts /dev /proc ''; do umount "$root$folder" 2>/dev/null || :; done; }
# Never removes a folder in which something of this machine is still mounted.
end() {
  unmount
  [ -n "${BARE_ROOT-}" ] || rm -rf --one-file-system "$root"
}
trap end EXIT
trap 'exit 130' INT TERM

echo "== Debian in $root"
[ -x "$root/usr/bin/apt-get" ] || debootstrap --variant=minbase bookworm "$root" ${BARE_MIRROR:+"$BARE_MIRROR"} >/dev/null
# Only a root that is a mount point lets the tests create mount namespaces.
mount --bind "$root" "$root"
mount --make-private "$root"
cp /etc/resolv.conf "$root/etc/resolv.conf"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t devpts devpts "$root/dev/pts"
mount -t tmpfs tmpfs "$root/dev/shm"

echo '== Node and this folder'
node=$(readlink -f "$(command -v node)")
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
mkdir -p "$root/usr/local/lib/node_modules" "$root/kproxy"
cp "$node" "$root/usr/local/bin/node"
cp -R "$npm" "$root/usr/local/lib/node_modules/"
ln -sf ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/local/bin/npm"
# The files that git knows, and new ones that it does not ignore.
git ls-files -z --cached --others --exclude-standard | tar -c --null --ignore-failed-read -T - | tar -x -C "$root/kproxy"
cp -R node_modules "$root/kproxy/"

for command in $commands; do
  echo "== scripts/$command.sh"
  # shellcheck disable=SC2016 # the shell in the chroot expands it
  chroot "$root" env -i HOME=/root PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    sh -c 'cd /kproxy && exec "scripts/$1.sh"' sh "$command" </dev/null
done
