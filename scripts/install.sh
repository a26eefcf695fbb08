#!/bin/sh
# Installs kproxy from the unpacked release that this file is in, or removes it.
#
#   ./install.sh [--prefix FOLDER]                                      default: /usr/local
#   FOLDER/lib/kproxy/current/install.sh --uninstall [--prefix FOLDER]
#
# FOLDER/lib/kproxy has a folder for each version, and the link `current`, which the links in FOLDER/bin lead through. A
# new version gets its folder, is checked and started there, and replaces the older one when `current` is renamed. Before
# that nothing is changed, and after that the older one is removed. With DESTDIR, all of this is below that folder.
set -eu
umask 022

programs='kproxy kubectl-kproxy'

fail() {
  printf 'install.sh: %s\n' "$@" >&2
  exit 1
}

usage() {
  sed -n '2,5s/^# \{0,1\}//p' "$0"
}

# Creates a folder and its parents, and remembers those that were not there: uninstalling removes them.
make_folder() {
  missing=''
  folder=$1
  while [ ! -d "$folder" ]; do
    missing="$folder
$missing"
    folder=$(dirname "$folder")
  done
  mkdir -p "$1"
  made="$made$missing"
}

# Removes folders that were made, the innermost first, if nothing is in them: remove_made LIST
remove_made() {
  printf '%s' "$1" | sort -r | while IFS= read -r folder; do rmdir "$folder" 2>/dev/null || :; done
}

# Succeeds for a link to a program of this installation, of any version.
is_own_link() {
  case $(readlink "$1") in
    ../lib/kproxy/* | "$prefix/lib/kproxy/"*) return 0 ;;
    *) return 1 ;;
  esac
}

# Succeeds if other software, or a person, made what has the place of kproxy's folder.
is_foreign_folder() {
  [ -L "$lib" ] && return 0
  [ -e "$lib" ] || return 1
  is_installed || [ -f "$lib/made-folders" ] || [ -z "$(ls -A "$lib")" ] && return 1
  return 0
}

# Succeeds if there is a version, also one that was copied by hand.
is_installed() {
  [ -L "$lib/current" ] || [ -f "$lib/kproxy.js" ]
}

check_node() {
  node=$(command -v node) ||
    fail 'Node is not in PATH. kproxy needs Node 20 or later. Nothing was installed.' \
      "If it is in a folder of its own: sudo env \"PATH=FOLDER:\$PATH\" $0"
  version=$(node --version)
  case $version in
    v[0-9].* | v1[0-9].*)
      fail "$node is Node $version, and kproxy needs Node 20 or later. Nothing was installed." \
        "If there is a later one: sudo env \"PATH=FOLDER:\$PATH\" $0"
      ;;
  esac
}

# Ends if this user may not write to what changes: check_rights RESULT ADVICE
check_rights() {
  for folder in "$bin" "$lib"; do
    while [ ! -d "$folder" ]; do folder=$(dirname "$folder"); done
    [ -w "$folder" ] || fail "$(id -un) may not write to $folder. $1 $2"
  done
}

check_place() {
  is_foreign_folder && fail "$lib is not a folder of kproxy. Nothing was installed. Move it, or use another --prefix."
  for name in $programs; do
    [ -L "$bin/$name" ] && is_own_link "$bin/$name" && continue
    [ -L "$bin/$name" ] || [ -e "$bin/$name" ] || continue
    fail "$bin/$name is not from this installer. Nothing was installed." \
      'Remove it first. If npm has installed it, run: npm uninstall --global @kproxy/kproxy'
  done
}

# Copies what SHA256SUMS lists, and checks the copies.
copy_release() {
  while read -r _ file; do
    mkdir -p "$(dirname "$1/$file")"
    cp "$here/$file" "$1/$file" || fail 'The release is not complete. Nothing was installed. Unpack it again.'
  done <"$here/SHA256SUMS"
  cp "$here/SHA256SUMS" "$1"
  checked=$(cd "$1" && sha256sum -c SHA256SUMS 2>/dev/null) || {
    printf '%s\n' "$checked" | grep -v ': OK$' >&2
    fail 'The release is damaged. Nothing was installed. Get it again.'
  }
  chmod -R u=rwX,go=rX "$1"
  chmod 755 "$1/install.sh" "$1/dist/kproxy.js"
}

# Makes a link, or replaces one in one step: link TARGET PATH
link() {
  ln -s "$1" "$2.$$"
  mv -T -f "$2.$$" "$2"
}

# Removes the links in bin to programs that this version does not have.
remove_other_links() {
  for path in "$bin"/*kproxy*; do
    case " $1 " in *" ${path##*/} "*) continue ;; esac
    if [ -L "$path" ] && is_own_link "$path"; then rm -f "$path"; fi
  done
}

# Removes everything from kproxy's folder but this version.
remove_other_versions() {
  for path in "$lib"/* "$lib"/.[!.]*; do
    case ${path##*/} in "$1" | current | made-folders) ;; *) rm -rf "$path" ;; esac
  done
}

# Two installers at once would remove each other's folder.
lock_folder() {
  command -v flock >/dev/null || return 0
  exec 9<"$lib"
  flock -n 9 || fail "Another installer works in $lib. Nothing was installed. Wait for it, and run this again."
}

drop_new() {
  rm -rf "$new"
  is_installed || rm -f "$lib/made-folders"
  remove_made "$made"
}

install_release() {
  [ -f "$here/SHA256SUMS" ] ||
    fail "$here is not an unpacked release. Make one with scripts/release.sh, unpack it, and run its install.sh."
  check_place
  check_rights 'Nothing was installed.' 'Run this with sudo, or use a --prefix of your own.'
  check_node
  made=''
  new=''
  trap drop_new EXIT
  trap 'exit 130' INT TERM HUP
  make_folder "$bin"
  make_folder "$lib"
  lock_folder
  # Written first, so that an interrupted installation can be repeated, or removed.
  printf '%s' "$made" >>"$lib/made-folders"
  new=$(mktemp -d "$lib/.new.XXXXXX")
  copy_release "$new"
  version=$(node "$new/dist/kproxy.js" --version) || fail 'This version does not start. Nothing was installed.'
  name=$version.${new##*.}
  mv "$new" "$lib/$name"
  new=$lib/$name
  # The folder becomes the current version in one step. From here on it stays.
  link "$name" "$lib/current"
  trap - EXIT
  for program in $programs; do link ../lib/kproxy/current/dist/kproxy.js "$bin/$program"; done
  remove_other_links "$programs"
  remove_other_versions "$name"
  echo "kproxy $version is installed: $prefix/bin/kproxy. With kubectl: kubectl kproxy"
  if is_service_active; then echo 'The service runs the older version until: systemctl restart kproxy'; fi
}

is_service_active() {
  [ -z "$root" ] && command -v systemctl >/dev/null && systemctl is-active --quiet kproxy 2>/dev/null
}

# Succeeds if a process holds one of kproxy's locks.
is_locked() {
  command -v flock >/dev/null || return 1
  for lock in "$root"/run/kproxy/lock/* "$root"/run/kproxy-*.lock; do
    if [ -f "$lock" ] && [ -r "$lock" ] && ! flock -n "$lock" true; then return 0; fi
  done
  return 1
}

uninstall() {
  [ -e "$lib" ] || [ -L "$lib" ] || { echo "kproxy is not installed in $prefix."; return; }
  is_foreign_folder && fail "$lib is not a folder of kproxy. Nothing was removed."
  check_rights 'Nothing was removed.' 'Run this with sudo.'
  is_service_active && fail 'kproxy runs as a service. Nothing was removed. First: systemctl disable --now kproxy'
  is_locked && fail 'A kproxy is at work on this node. Nothing was removed. Stop it, and run this again.'
  remove_other_links ''
  made=$(cat "$lib/made-folders" 2>/dev/null || :)
  rm -rf "$lib"
  remove_made "$made
"
  # Locks and lists of this boot. Only root has any.
  if [ -w "$root/run" ]; then
    rm -rf "$root/run/kproxy"
    rm -f "$root"/run/kproxy-*.lock "$root/run/kproxy-flows"
  fi
  echo "kproxy is removed from $prefix. What it programmed on this node stays until a reboot."
}

main() {
  here=$(cd "$(dirname "$0")" && pwd -P)
  root=${DESTDIR-}
  action=install
  prefix=/usr/local
  case $here in "$root"/*/lib/kproxy/*) prefix=${here%/lib/kproxy/*} prefix=${prefix#"$root"} ;; esac
  while [ $# -gt 0 ]; do
    case $1 in
      --prefix) [ $# -gt 1 ] || fail '--prefix needs a folder.'; prefix=$2; shift ;;
      --prefix=*) prefix=${1#*=} ;;
      --uninstall) action=uninstall ;;
      -h | --help) usage; exit ;;
      *) usage >&2; exit 2 ;;
    esac
    shift
  done
  case $prefix in /*) ;; *) fail "--prefix needs an absolute path, and $prefix is none." ;; esac
  prefix=${prefix%/}
  bin=$root$prefix/bin
  lib=$root$prefix/lib/kproxy
  case $action in install) install_release ;; uninstall) uninstall ;; esac
}

main "$@"
