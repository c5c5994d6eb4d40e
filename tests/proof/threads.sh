#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Watches what passes between threads with ThreadSanitizer: tests/proof/threads.sh. The unit tests of gateway and adapters,
# then the daemon at work: sessions, reloads, scans, uplinks that come and go, transfers, many hostile clients. Exit 1 where
# two threads meet without a hand-over.
set -euo pipefail
cd "$(dirname "$0")/../.."
cmake -S . -B build/threads -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    "-DCMAKE_CXX_FLAGS_DEBUG=-g1 -O1" -DBUSBAR_SANITIZE=thread >/dev/null
cmake --build build/threads --target busbard busbarctl busbar-sim gateway_tests adapters_tests --parallel "$(nproc)"

reports=$PWD/build/threads/reports
rm -rf "$reports"
mkdir -p "$reports"
export TSAN_OPTIONS="log_path=$reports/race exitcode=66 second_deadlock_stack=1 suppressions=$PWD/tests/proof/threads.supp"
export BUSBAR_PROGRAMS=$PWD/build/threads/bin
failed=0
build/threads/bin/gateway_tests --gtest_brief=1 || failed=1
build/threads/bin/adapters_tests --gtest_brief=1 || failed=1
for name in session reload scan uplinks transfers certificates mqtt web_abuse factory_reset; do
    node --test --test-reporter=dot "tests/e2e/$name.test.mjs" || failed=1
done

found=$(cat "$reports"/race.* 2>/dev/null | grep -c 'WARNING: ThreadSanitizer' || true)
echo "$found reports below $reports"
cat "$reports"/race.* 2>/dev/null | grep 'SUMMARY: ThreadSanitizer' | sort | uniq -c | sort -rn || true
[ "$found" -eq 0 ] && [ "$failed" -eq 0 ]
