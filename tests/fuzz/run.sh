#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target over its corpus and then over random inputs: run.sh TARGET [libFuzzer options]. Without options it
# goes on until something breaks. run.sh SECONDS builds all targets and shares the seconds out among them. What they find
# stays out of the committed corpus.
set -euo pipefail
usage="usage: run.sh SECONDS, or run.sh TARGET [libFuzzer options], e.g. run.sh request -max_total_time=600 -jobs=2"
target=${1:?"$usage"}
shift
here=$(cd "$(dirname "$0")" && pwd)
programs=${BUSBAR_PROGRAMS:-$here/../../build/sanitize/bin}
data=$here/../config/data

run_all() {
    local targets seconds log broken=()
    mapfile -t targets < <(sed -n 's/^busbar_fuzz(\([a-z]*\) .*/\1/p' "$here/CMakeLists.txt")
    (cd "$here/../.." && cmake --preset sanitize && cmake --build --preset sanitize --target "${targets[@]/%/_fuzz}") >/dev/null
    seconds=$(($1 / ${#targets[@]}))
    log=$(mktemp)
    for each in "${targets[@]}"; do
        if "$0" "$each" -max_total_time="$((seconds > 0 ? seconds : 1))" >"$log" 2>&1; then
            printf '%-12s %s inputs\n' "$each" "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")"
        else
            broken+=("$each")
            printf '%-12s breaks:\n' "$each"
            tail -n 40 "$log"
        fi
    done
    rm -f "$log"
    [ ${#broken[@]} -eq 0 ]
}

if [[ $target =~ ^[0-9]+$ ]]; then
    [ $# -eq 0 ] || { echo "$usage" >&2; exit 2; }
    run_all "$target"
    exit
fi
[ -f "$here/${target}_fuzz.cpp" ] || { echo "there is no target '$target'; $usage" >&2; exit 2; }

corpora=("$here/corpus/$target")
case $target in
    config) corpora+=("$data"/gateway/*) ;;
    profile) corpora+=("$data"/profile/* "$here/../../config/chargers" "$here/../../config/meters") ;;
esac

# libFuzzer writes new inputs into the first folder; a fresh one makes a run with a seed repeatable.
found=$(mktemp -d)
trap 'rm -rf "$found"' EXIT
crashes=$programs/../fuzz/$target
mkdir -p "$crashes"
"$programs/${target}_fuzz" -timeout=5 -rss_limit_mb=1024 -print_final_stats=1 -print_funcs=0 -dict="$here/dictionary.txt" \
    -artifact_prefix="$crashes/" "$@" "$found" "${corpora[@]}"
