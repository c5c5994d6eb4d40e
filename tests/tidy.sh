#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds the product's sources to .clang-tidy, every finding an error: tests/tidy.sh [--newest N | FILE...]. Without
# arguments all of them, which takes a quarter of an hour; the suite looks at those that changed last.
set -euo pipefail
cd "$(dirname "$0")/.."
sources() { git ls-files -- gateway adapters ocpp config | grep '\.cpp$'; }

if [ "${1-}" = --newest ]; then
    files=$(git log --pretty= --name-only --diff-filter=AMR -n 500 -- gateway adapters ocpp config | grep '\.cpp$' | awk '!seen[$0]++' |
        while read -r file; do if [ -f "$file" ]; then echo "$file"; fi; done | head -n "$2" || true)
elif [ $# -gt 0 ]; then
    files=$(printf '%s\n' "$@")
else
    files=$(sources)
fi
[ -f build/dev/compile_commands.json ] || cmake --preset dev >/dev/null
echo "$files" | xargs --no-run-if-empty -P "$(nproc)" -n 1 \
    clang-tidy --quiet -p build/dev --extra-arg=-Wno-unknown-warning-option 2>/dev/null
