#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# How much of ocpp/, adapters/ and config/ the unit tests run through: tests/proof/coverage.sh. Prints a table by layer and
# the files that are covered least; exit 1 where a layer has less than 90 % of its lines. Details: build/coverage/html.
set -euo pipefail
cd "$(dirname "$0")/../.."
programs=(base_tests config_tests ocpp_tests adapters_tests adapters_models_tests adapters_sim_tests)
version=$(clang --version | sed -n 's/.*version \([0-9]*\).*/\1/p')
tool() { command -v "llvm-$1" || command -v "llvm-$1-$version" || { echo "needs llvm-$1: apt-get install llvm" >&2; exit 1; }; }
profdata=$(tool profdata)
cov=$(tool cov)

cmake -S . -B build/coverage -G Ninja -DCMAKE_BUILD_TYPE=Debug -DCMAKE_C_COMPILER=clang -DCMAKE_CXX_COMPILER=clang++ \
    -DCMAKE_CXX_FLAGS="-O1 -fprofile-instr-generate -fcoverage-mapping" -DCMAKE_CXX_FLAGS_DEBUG= -DBUSBAR_WERROR=OFF >/dev/null
cmake --build build/coverage --target "${programs[@]}" --parallel "$(nproc)"

rm -f build/coverage/*.profraw
objects=()
for program in "${programs[@]}"; do
    LLVM_PROFILE_FILE="build/coverage/$program.profraw" "build/coverage/bin/$program" --gtest_brief=1
    objects+=(-object "build/coverage/bin/$program")
done
"$profdata" merge -o build/coverage/all.profdata build/coverage/*.profraw
layers=("$PWD/ocpp" "$PWD/adapters" "$PWD/config")
"$cov" show -format=html -output-dir build/coverage/html -instr-profile build/coverage/all.profdata "${objects[@]}" "${layers[@]}" >/dev/null
"$cov" export -summary-only -instr-profile build/coverage/all.profdata "${objects[@]}" "${layers[@]}" | node tests/proof/coverage_table.mjs "$PWD"
