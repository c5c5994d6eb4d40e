#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the simulation and lives through a range of seeds on all cores: tests/sim/run.sh --seeds 1..1000000
# Exit 1 where an invariant breaks (prints the first such seed and its whole conversation), 2 for wrong usage.
set -euo pipefail

usage() {
    echo "usage: tests/sim/run.sh --seeds A..B" >&2
    exit 2
}
[[ $# -eq 2 && $1 == --seeds && $2 =~ ^([0-9]{1,18})\.\.([0-9]{1,18})$ ]] || usage
first=$((10#${BASH_REMATCH[1]}))
last=$((10#${BASH_REMATCH[2]}))
((first <= last)) || usage
cd "$(dirname "$0")/../.."

build_log=$(mktemp)
results=$(mktemp -d)
trap 'rm -rf "$build_log" "$results"' EXIT
if ! { cmake --preset dev && cmake --build --preset dev --target busbar_simulation --parallel "$(nproc)"; } >"$build_log" 2>&1; then
    cat "$build_log" >&2
    exit 1
fi

count=$((last - first + 1))
shards=$(($(nproc) < count ? $(nproc) : count))
pids=()
for ((shard = 0; shard < shards; ++shard)); do
    from=$((first + count * shard / shards))
    to=$((first + count * (shard + 1) / shards - 1))
    build/dev/bin/busbar_simulation --seeds "$from..$to" >"$results/$shard" &
    pids+=($!)
done
trap 'kill "${pids[@]}" 2>/dev/null || true; rm -rf "$build_log" "$results"' EXIT
trap 'exit 130' INT TERM

died=0
for pid in "${pids[@]}"; do
    status=0
    wait "$pid" || status=$?
    ((status <= 1)) || died=$status
done

# The shards are in order: the first that failed holds the lowest failing seed.
for ((shard = 0; shard < shards; ++shard)); do
    if grep -q '^failed seed' "$results/$shard"; then
        sed -n '/^The conversation/,/^seed [0-9]* breaks/p' "$results/$shard"
        seed=$(sed -n 's/^seed \([0-9]*\) breaks.*/\1/p' "$results/$shard")
        echo "replay it: build/dev/bin/busbar_simulation --seed $seed --verbose"
        break
    fi
done
grep -h '^failed seed' "$results"/* | head -n 20 || true
awk '/^[0-9]+ seeds: / { seeds += $1; failed += $3; transactions += $5; cuts += $7; kills += $10 }
     END { printf "%d seeds: %d failed, %d transactions, %d power cuts, %d kills\n", seeds, failed, transactions, cuts, kills
           exit failed > 0 }' "$results"/* || died=1
((died <= 1)) || echo "the simulation itself died (exit $died)" >&2
exit "$((died > 0))"
