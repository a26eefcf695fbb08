#!/bin/sh
# Makes a folder from which the sandbox can boot a virtual machine, out of a Debian package of a kernel that is only unpacked:
# scripts/unpack-kernel.sh linux-image-….deb FOLDER. Needs cpio, kmod, xz-utils and busybox-static.
set -eu
[ $# = 2 ] || { echo "usage: $0 PACKAGE FOLDER" >&2; exit 2; }
PATH=$PATH:/usr/sbin:/sbin
package=$1
folder=$2

mkdir -p "$folder"
work=$(mktemp -d "$folder.XXXXXX")
trap 'rm -rf "$work"' EXIT
dpkg -x "$package" "$work"
release=$(ls "$work/lib/modules")
modules=$work/lib/modules/$release
# The package leaves that to the machine where it is installed.
depmod -b "$work" "$release"

# The kernel as it is after it has unpacked itself, which an emulated processor would take a second for.
start=$(LC_ALL=C grep -abo -P '\xfd7zXZ\x00' "$work/boot/vmlinuz-$release" | head -n 1 | cut -d: -f1)
tail -c "+$((start + 1))" "$work/boot/vmlinuz-$release" | xz -dc --single-stream >"$work/vmlinux"

# The first file system: mounts the host's files and goes over to the agent, whose path the kernel's command line has.
first=$work/first
mkdir -p "$first/root" "$first/modules"
cp "$(command -v busybox)" "$first/busybox"
: >"$first/order"
for wanted in virtio_pci virtio_console 9pnet_virtio 9p; do
  line=$(grep "/$wanted\.ko:" "$modules/modules.dep")
  # A module's line names what it needs, the first needed last.
  for path in $(echo "$line" | tr -d : | tr ' ' '\n' | tac); do
    name=$(basename "$path")
    grep -qx "$name" "$first/order" && continue
    cp "$modules/$path" "$first/modules/$name"
    echo "$name" >>"$first/order"
  done
done
cat >"$first/init" <<'INIT'
#!/busybox sh
while read -r module; do /busybox insmod "/modules/$module"; done </order
/busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose host /root
/busybox mount -t devtmpfs dev /root/dev
exec /busybox switch_root /root "$agent"
INIT
chmod 755 "$first/init"
(cd "$first" && find . | cpio --quiet -o -H newc) >"$work/initrd"

rm -rf "$folder"
mkdir "$folder"
mkdir "$folder/lib"
mv "$work/vmlinux" "$work/initrd" "$folder"
mv "$work/lib/modules" "$folder/lib/modules"
echo "$release" >"$folder/release"
