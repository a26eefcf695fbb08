#!/bin/sh
# Unpacks a Debian package of a kernel into a folder from which the sandbox can boot a virtual machine.
#
#   scripts/unpack-kernel.sh linux-image-….deb FOLDER
#
# Installs nothing. Needs cpio, kmod, xz-utils and busybox-static.
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
# Installing the package would run depmod.
depmod -b "$work" "$release"

# Extracts the uncompressed kernel. Unpacking itself would take the emulated processor a second at every boot.
start=$(LC_ALL=C grep -abo -P '\xfd7zXZ\x00' "$work/boot/vmlinuz-$release" | head -n 1 | cut -d: -f1)
tail -c "+$((start + 1))" "$work/boot/vmlinuz-$release" | xz -dc --single-stream >"$work/vmlinux"

# Builds the initial file system. Its init mounts the host's files and starts the agent, whose path is on the kernel's
# command line.
first=$work/first
mkdir -p "$first/root" "$first/modules"
cp "$(command -v busybox)" "$first/busybox"
: >"$first/order"
for module in virtio_pci virtio_console 9pnet_virtio 9p; do
  line=$(grep "/$module\.ko:" "$modules/modules.dep")
  # A module's line lists its dependencies in reverse order of loading.
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
