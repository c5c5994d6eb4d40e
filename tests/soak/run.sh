#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# tests/soak/run.sh MINUTES [--seed N] [--faults NAME,...]: 32 chargers on four lines, the real daemon, a central system with a book, and chaos by
# seed; in the end all three must agree. tests/soak/run.sh --simulated-days DAYS [--seed N]: the same under the simulated clock.
# Exit 0: all agree; 1: a disagreement, whose place and seed are printed; 2: wrong arguments.
set -euo pipefail
called_from=$PWD
cd "$(dirname "$0")"
root=$PWD/../..

usage() {
    echo "usage: tests/soak/run.sh MINUTES [--seed N] [--faults NAME,...] | --simulated-days DAYS [--seed N] | --judge DIR" >&2
    exit 2
}

minutes=""
days=""
only=()
seed=$((RANDOM * 32768 + RANDOM))
while [ $# -gt 0 ]; do
    case "$1" in
        --seed) seed=${2:-}; shift 2 || usage ;;
        --simulated-days) days=${2:-}; shift 2 || usage ;;
        --faults) only=(--faults "${2:-}"); shift 2 || usage ;;
        --judge) exec node soak.mjs --judge "$(cd "$called_from" && realpath -m -- "${2:?}")" ;;
        -*) usage ;;
        *) minutes=$1; shift ;;
    esac
done
[[ "$seed" =~ ^[0-9]+$ ]] || usage

programs=${BUSBAR_PROGRAMS:-$root/build/dev/bin}
if [ -n "$days" ]; then
    exec "$programs/busbar_simulation" --days "$days" --seed "$seed"
fi
[[ "$minutes" =~ ^[0-9]*\.?[0-9]+$ ]] || usage

out=${BUSBAR_SOAK_OUT:-$root/build/soak}/$seed
echo "seed $seed, $minutes min; written to $out"
if why=$(../netns/namespaces.sh --possible); then
    exec ../netns/namespaces.sh node soak.mjs "$minutes" --seed "$seed" --out "$out" "${only[@]}"
fi
exec node soak.mjs "$minutes" --seed "$seed" --out "$out" "${only[@]}" --lacks "${why#SKIPPED: }"
