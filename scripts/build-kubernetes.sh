#!/bin/bash
# Builds programs of Kubernetes and etcd from their Go modules, for the tests with a real cluster, and prints the folder
# that they are in. What is there already is not built again.
#
#   scripts/build-kubernetes.sh [NAME...]     default: etcd kube-apiserver kubectl
#
# Other names: kube-controller-manager, kube-proxy and the other commands of Kubernetes. Needs Go 1.26 or newer and takes
# some minutes and 4 GB of disk in Go's own caches, once. The folder lies outside of the tree: ${KPROXY_CACHE}, else
# ${XDG_CACHE_HOME}/kproxy, else ~/.cache/kproxy.
set -euo pipefail

kubernetes=1.37.2
etcd=3.7.3
folder=${KPROXY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kproxy}/kubernetes-v$kubernetes

main() {
  [ $# -gt 0 ] || set -- etcd kube-apiserver kubectl
  # The folder is not touched where nothing is missing: it may be read-only.
  are_there "$@" || build_missing "$@"
  echo "$folder"
}

are_there() {
  local name
  for name in "$@"; do [ -x "$folder/$name" ] || return 1; done
}

build_missing() {
  command -v go >/dev/null || fail 'Go is not installed' 'install Go 1.26 or newer (https://go.dev/dl), or leave the tests with a real cluster out'
  mkdir -p "$folder"
  # Two builds at once would take twice as long each and write the same files.
  exec 9>"$folder.lock"
  flock 9
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  export GOFLAGS=-mod=mod
  local name
  for name in "$@"; do
    are_there "$name" && continue
    echo "building $name" >&2
    if [ "$name" = etcd ]; then prepare_etcd; else prepare_kubernetes "$name"; fi
    # Moved into place when whole, so that an interrupted build leaves nothing that looks like a program.
    (cd "$work/source" && go build -ldflags "$flags" -o "$work/$name" "$package" >&2)
    mv "$work/$name" "$folder/$name"
    rm -rf "$work/source"
  done
}

# etcd's own main package lies in a module that cannot be built from outside; the function that it calls can.
prepare_etcd() {
  mkdir "$work/source"
  cat >"$work/source/main.go" <<'GO'
package main

import (
	"os"

	"go.etcd.io/etcd/server/v3/etcdmain"
)

func main() { etcdmain.Main(os.Args) }
GO
  (cd "$work/source" && go mod init kproxy/etcd && go get "go.etcd.io/etcd/server/v3@v$etcd") >&2
  flags='-s -w' package=.
}

# Kubernetes' go.mod points to folders of its repository for its libraries. They are published as modules of their own,
# whose versions go with Kubernetes'; a module that asks for all of them can build a copy of the main package.
prepare_kubernetes() {
  local name=$1 module libraries=v0.${kubernetes#1.} minor=${kubernetes#1.} component=k8s.io/component-base/version
  module=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/^.*"Dir": "\(.*\)",$/\1/p')
  [ -d "$module/cmd/$name" ] || fail "Kubernetes has no command $name" "choose one of the folders in $module/cmd"
  mkdir -p "$work/source/cmd/$name"
  sed -E "s|^module .*|module kproxy/kubernetes|; s|=> \./staging/src/(k8s\.io/[a-z-]+)|=> \1 $libraries|" "$module/go.mod" >"$work/source/go.mod"
  cat "$module/go.sum" >"$work/source/go.sum"
  for file in "$module/cmd/$name/"*.go; do
    case $file in *_test.go) ;; *) cat "$file" >"$work/source/cmd/$name/${file##*/}" ;; esac
  done
  (cd "$work/source" && go mod edit -require "k8s.io/kubernetes@v$kubernetes")
  flags="-s -w -X $component.gitVersion=v$kubernetes -X $component.gitMajor=1 -X $component.gitMinor=${minor%%.*}"
  package=./cmd/$name
}

fail() {
  echo "build-kubernetes: $1" >&2
  echo "next: $2" >&2
  exit 1
}

main "$@"
