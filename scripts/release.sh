#!/bin/sh
# Makes the release of the commit that is checked out: kproxy-VERSION.tar.gz and its checksum, in the folder `release` or
# another one.
#
#   scripts/release.sh [FOLDER]
#
# The same commit gives the same bytes: files are sorted, belong to root, and have the time of the commit. Bytecode is
# left out, since it is for one version of Node on one kind of processor: each node writes its own.
set -eu
umask 022
folder=$(realpath -m "${1-$(dirname "$0")/../release}")
cd "$(dirname "$0")/.."

[ -z "$(git status --porcelain)" ] || {
  echo 'There are changes that are not committed (see git status): no release was made. Commit or remove them.' >&2
  exit 1
}
node scripts/npm-in-step.js || npm ci --no-audit --no-fund --loglevel=error </dev/null
node scripts/build.js

name=kproxy-$(dist/kproxy.js --version)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT TERM
mkdir "$work/$name"
cp -R dist README.md LICENSE scripts/install.sh "$work/$name"
rm "$work/$name/dist/"*.bytecode
(
  cd "$work/$name"
  find . -type f -printf '%P\n' | LC_ALL=C sort | xargs sha256sum >../SHA256SUMS
  mv ../SHA256SUMS .
)
mkdir -p "$folder"
tar -C "$work" --sort=name --format=ustar --mtime="@$(git log -1 --format=%ct)" --owner=0 --group=0 --numeric-owner \
  --mode=u=rwX,go=rX -cf "$work/$name.tar" "$name"
gzip -9 --no-name "$work/$name.tar"
(cd "$work" && sha256sum "$name.tar.gz" >"$name.tar.gz.sha256")
mv "$work/$name.tar.gz" "$work/$name.tar.gz.sha256" "$folder"
echo "$folder/$name.tar.gz"
