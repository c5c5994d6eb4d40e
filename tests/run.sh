#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds everything plain and with sanitizers (clang-tidy runs in that build), and runs the whole suite.
# Ends with ctest's own summary. Arguments go to ctest: tests/run.sh -R e2e
set -euo pipefail
cd "$(dirname "$0")/.."

packaging/setup.sh
for preset in sanitize dev; do
    cmake --preset "$preset"
    cmake --build --preset "$preset" --parallel "$(nproc)"
done

# One run over both trees, so that one summary counts every test.
mkdir -p build/suite
printf 'subdirs("%s" "%s")\n' "$PWD/build/sanitize" "$PWD/build/dev" >build/suite/CTestTestfile.cmake
exec ctest --test-dir build/suite --output-on-failure --parallel "$(nproc)" "$@"
