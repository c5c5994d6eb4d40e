#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Sets up, builds everything with sanitizers and the programs as they ship, and runs the whole suite: unit tests and end to
# end sanitized, a few ends to end also as they ship, clang-tidy on what changed last. Ends with ctest's own summary. Arguments go to ctest: tests/run.sh -R e2e
set -euo pipefail
cd "$(dirname "$0")/.."

packaging/setup.sh
cmake --preset sanitize
cmake --build --preset sanitize --parallel "$(nproc)"
cmake --preset dev -DBUSBAR_ALL_TESTS=OFF
cmake --build --preset dev --parallel "$(nproc)"

# One run over both trees, so that one summary counts every test.
mkdir -p build/suite
printf 'subdirs("%s" "%s")\n' "$PWD/build/sanitize" "$PWD/build/dev" >build/suite/CTestTestfile.cmake
# One more at a time than there are cores: what runs end to end mostly waits.
exec ctest --test-dir build/suite --output-on-failure --parallel "$(($(nproc) + 1))" "$@"
