#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Holds the product's sources to cppcheck, every finding an error: tests/proof/cppcheck.sh [FILE...]. Without arguments all
# of them, some minutes. A finding that is wrong is suppressed where it stands, with its reason.
set -euo pipefail
cd "$(dirname "$0")/../.."
command -v cppcheck >/dev/null || { echo "needs cppcheck: apt-get install cppcheck" >&2; exit 1; }
if [ $# -eq 0 ]; then
    mapfile -t files < <(git ls-files -- gateway adapters ocpp config | grep '\.cpp$')
    set -- "${files[@]}"
fi

# Debian 12's cppcheck (2.10) gives a file up where it meets 0s or 0ms in a condition: it reads a copy that says it in full.
copy=build/cppcheck/source
rm -rf "$copy"
mkdir -p "$copy"
git ls-files -z -- gateway adapters ocpp config | grep -z '\.[ch]pp$' | xargs -0 cp --parents --target-directory="$copy"
find "$copy" -type f -exec sed -i -E 's/\b0ms\b/milliseconds(0)/g; s/\b0s\b/seconds(0)/g' {} +
# What is passed by value clang-tidy judges better: it knows the sizes.
cd "$copy"
exec cppcheck --quiet --std=c++20 --language=c++ -I . --enable=warning,performance,portability --inline-suppr \
    --library=boost,openssl,sqlite3,libcurl --library="$OLDPWD/tests/proof/cppcheck.cfg" --suppress=missingIncludeSystem --suppress=passedByValue \
    --cppcheck-build-dir=.. --error-exitcode=1 -j "$(nproc)" "$@"
