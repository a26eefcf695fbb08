#!/bin/bash
# Builds programs of Kubernetes and etcd from their Go modules, for the tests with a real cluster, and prints their
# folder. A program that is already there is not built again.
#
#   scripts/build-kubernetes.sh [NAME...]     default: etcd kube-apiserver kubectl
#
# Other names: kube-controller-manager, kube-proxy and the other commands of Kubernetes. Needs Go 1.26 or later. The
# first build takes some minutes, and 4 GB of disk in Go's own caches. The folder is in ${KPROXY_CACHE}, else in
# ${XDG_CACHE_HOME}/kproxy, else in ~/.cache/kproxy.
set -euo pipefail

kubernetes=1.37.2
etcd=3.7.3
folder=${KPROXY_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kproxy}/kubernetes-v$kubernetes

main() {
  [ $# -gt 0 ] || set -- etcd kube-apiserver kubectl
  # If nothing is missing, nothing is written: the folder may be read-only.
  are_built "$@" || build_missing "$@"
  echo "$folder"
}

are_built() {
  local name
  for name in "$@"; do [ -x "$folder/$name" ] || return 1; done
}

build_missing() {
  command -v go >/dev/null ||
    fail 'Go is not installed' \
      'Install Go 1.26 or later (https://go.dev/dl). Without Go, the tests with a real cluster are left out.'
  mkdir -p "$folder"
  # Only one build runs at a time: two would write the same files.
  exec 9>"$folder.lock"
  flock 9
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  export GOFLAGS=-mod=mod
  local name
  for name in "$@"; do
    are_built "$name" && continue
    echo "building $name" >&2
    if [ "$name" = etcd ]; then prepare_etcd; else prepare_kubernetes "$name"; fi
    # Moved when it is complete, so that an interrupted build leaves no partial program.
    (cd "$work/source" && go build -ldflags "$flags" -o "$work/$name" "$package" >&2)
    mv "$work/$name" "$folder/$name"
    rm -rf "$work/source"
  done
}

# Builds a main package that calls etcd's main function. etcd's own main package cannot be built outside of its
# repository.
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

# Builds a copy of a main package of Kubernetes. Kubernetes' go.mod takes its libraries from folders of its repository;
# the copy takes them from the published modules of the same release.
prepare_kubernetes() {
  local name=$1 module libraries=v0.${kubernetes#1.} minor=${kubernetes#1.} component=k8s.io/component-base/version
  module=$(go mod download -json "k8s.io/kubernetes@v$kubernetes" | sed -n 's/^.*"Dir": "\(.*\)",$/\1/p')
  [ -d "$module/cmd/$name" ] || fail "Kubernetes has no command $name" "Choose one of the folders in $module/cmd."
  mkdir -p "$work/source/cmd/$name"
  sed -E "s|^module .*|module kproxy/kubernetes|; s|=> \./staging/src/(k8s\.io/[a-z-]+)|=> \1 $libraries|" \
    "$module/go.mod" >"$work/source/go.mod"
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
  echo "$2" >&2
  exit 1
}

main "$@"
