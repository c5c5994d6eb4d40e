#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Runs one fuzz target over its corpus and then over random inputs: run.sh TARGET [libFuzzer options].
# Without options it goes on until something breaks. What it finds stays out of the committed corpus.
set -euo pipefail
target=${1:?"usage: run.sh TARGET [libFuzzer options], e.g. run.sh request -max_total_time=600 -jobs=2"}
shift
here=$(cd "$(dirname "$0")" && pwd)
programs=${BUSBAR_PROGRAMS:-$here/../../build/sanitize/bin}
data=$here/../config/data

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
