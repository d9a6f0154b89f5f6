#!/usr/bin/env bash
# How fast pbhook sends, beside vegeta and hey: the same sink, 50 connections, in turns; medians and their ratios.
# pbhook makes and signs each event anew, the other two send one unsigned body over and over.
#
#   .ci/bench/load.sh [ROUNDS] [SECONDS]      5 rounds of 5 seconds each
#
# It exits with 1 when pbhook reaches less than 1.5 times vegeta or less than hey.
set -euo pipefail
cd "$(dirname "$0")/../.."

rounds=${1:-5} seconds=${2:-5} connections=50
bin=${PBHOOK_CI_BIN:-$PWD/.ci/bin}
mkdir -p "$bin"
[ -x "$bin/vegeta" ] || GOBIN="$bin" go install github.com/tsenart/vegeta/v12@latest
[ -x "$bin/hey" ] || GOBIN="$bin" go install github.com/rakyll/hey@latest
go build -o "$bin/pbhook" .
(cd .ci/bench/sink && go build -o "$bin/sink" .)

work=$(mktemp -d)
sink=
trap '[ -z "$sink" ] || kill "$sink"; rm -rf "$work"' EXIT
"$bin/sink" >"$work/url" &
sink=$!
until [ -s "$work/url" ]; do kill -0 "$sink" && sleep 0.1; done
url=$(cat "$work/url")

export POCKETBOOK_WEBHOOK_SECRET=whsec_of_a_benchmark
"$bin/pbhook" send certificate.minted --to "$url" --dry-run --print http | sed '1,/^\r*$/d' >"$work/body"
printf 'POST %s\nContent-Type: application/json\n@%s\n' "$url" "$work/body" >"$work/targets"

# Each prints its requests in a second.
pbhook() {
  "$bin/pbhook" send certificate.minted --to "$url" --duration "${seconds}s" --concurrency "$connections" --max-errors 0 -o json 2>"$work/log" |
    sed -n 's/.*"perSecond":\([0-9.]*\).*/\1/p'
}
vegeta() {
  "$bin/vegeta" attack -targets "$work/targets" -duration "${seconds}s" \
    -rate 0 -workers "$connections" -max-workers "$connections" -connections "$connections" |
    "$bin/vegeta" report -type json | sed -n 's/.*"throughput":\([0-9.]*\).*/\1/p'
}
hey() {
  "$bin/hey" -z "${seconds}s" -c "$connections" -m POST -T application/json -D "$work/body" "$url" |
    sed -n 's/.*Requests\/sec:[[:space:]]*\([0-9.]*\).*/\1/p'
}

median() { sort -n "$1" | awk '{v[NR]=$1} END {print NR % 2 ? v[(NR+1)/2] : (v[NR/2]+v[NR/2+1])/2}'; }

printf 'body of %s bytes, %s connections, %s rounds of %s s\n' "$(wc -c <"$work/body")" "$connections" "$rounds" "$seconds"
printf '%-8s %10s %10s %10s\n' round pbhook vegeta hey
for round in $(seq "$rounds"); do
  for sender in pbhook vegeta hey; do
    got=$($sender)
    [ -n "$got" ] || { echo "$sender reported nothing" >&2; cat "$work/log" >&2; exit 1; }
    echo "$got" >>"$work/$sender"
  done
  printf '%-8s %10.0f %10.0f %10.0f\n' "$round" "$(tail -1 "$work/pbhook")" "$(tail -1 "$work/vegeta")" "$(tail -1 "$work/hey")"
done
printf '%-8s %10.0f %10.0f %10.0f\n' median "$(median "$work/pbhook")" "$(median "$work/vegeta")" "$(median "$work/hey")"
awk -v p="$(median "$work/pbhook")" -v v="$(median "$work/vegeta")" -v h="$(median "$work/hey")" 'BEGIN {
  printf "pbhook/vegeta %.2f (at least 1.5)\npbhook/hey    %.2f (at least 1.0)\n", p/v, p/h
  exit p/v < 1.5 || p/h < 1
}'
