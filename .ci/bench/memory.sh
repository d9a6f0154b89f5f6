#!/usr/bin/env bash
# What pbhook listen holds of memory while it receives many events, and many large ones; every event is kept on disk.
#
#   .ci/bench/memory.sh [EVENTS] [LARGE]      1000000 events, then 10000 bodies of 1 MiB
#
# It prints the resident memory in MB ten times for each, and exits with 1 when the last is more than 1.5 times the third.
set -euo pipefail
cd "$(dirname "$0")/../.."

events=${1:-1000000} large=${2:-10000}
bin=${PBHOOK_CI_BIN:-$PWD/.ci/bin}
mkdir -p "$bin"
go build -o "$bin/pbhook" .

work=$(mktemp -d)
listen=
trap '[ -z "$listen" ] || kill "$listen" 2>/dev/null || true; rm -rf "$work"' EXIT
export POCKETBOOK_WEBHOOK_SECRET=whsec_of_a_benchmark
"$bin/pbhook" listen :0 --show line --history "$work/history.db" --keep 10000,200MB >/dev/null 2>"$work/said" &
listen=$!
until grep -q '^try' "$work/said"; do kill -0 "$listen" && sleep 0.1; done
url=$(sed -n 's/^ready: //p' "$work/said")

resident() { awk '/^VmRSS/ {printf "%d", $2 / 1024}' "/proc/$listen/status"; }

# measure LABEL COUNT SEND... sends a tenth of the events ten times.
measure() {
  local label=$1 count=$(($2 / 10)) third=0 last=0
  shift 2
  printf '%-8s' "$label"
  for step in 1 2 3 4 5 6 7 8 9 10; do
    "$bin/pbhook" send "$@" --to "$url" --count "$count" --concurrency 50 --max-errors 0 -o json >"$work/report" 2>"$work/log" ||
      { cat "$work/report" "$work/log" >&2; exit 1; }
    last=$(resident)
    [ "$step" = 3 ] && third=$last
    printf ' %5d' "$last"
  done
  printf '   last/third %s\n' "$(awk -v l="$last" -v t="$third" 'BEGIN {printf "%.2f", l / t}')"
  awk -v l="$last" -v t="$third" 'BEGIN {exit l > 1.5 * t}'
}

printf 'resident MB after each tenth of %s events, and of %s bodies of 1 MiB\n' "$events" "$large"
measure events "$events" certificate.minted
{ printf '{"id":"evt_large","type":"a.b","created":1,"data":{"pad":"'; head -c 1048576 /dev/zero | tr '\0' x; printf '"}}'; } >"$work/large.json"
measure large "$large" "$work/large.json" --fresh --no-validate
