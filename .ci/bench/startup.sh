#!/usr/bin/env bash
# How long pbhook takes to start, beside a program that is cobra alone; both are built as a release is.
#
#   .ci/bench/startup.sh [ROUNDS]      60 rounds
#
# What a start is spent on, package by package: GODEBUG=inittrace=1 pbhook --version
#
# It exits with 1 when pbhook --version takes more than 1.5 times as long, or pbhook is over 30 MB.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-60}
bin=${PBHOOK_CI_BIN:-$PWD/.ci/bin}
mkdir -p "$bin"
export CGO_ENABLED=0
go build -trimpath -ldflags '-s -w' -o "$bin/pbhook-release" .
(cd .ci/bench/startup && go build -trimpath -ldflags '-s -w' -o "$bin/bare" ./bare && go build -o "$bin/startup" .)

size=$(wc -c <"$bin/pbhook-release")
printf 'pbhook has %s bytes\n' "$size"
[ "$size" -le 30000000 ] || { echo "pbhook is over 30 MB" >&2; exit 1; }
"$bin/startup" "$rounds" "$bin/pbhook-release" "$bin/bare"
