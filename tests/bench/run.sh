#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Benchmarks: tests/bench/run.sh [--short] [PART...]; without a part all of them. The table goes to the terminal, the figures
# as JSON to build/dev/bench.json. README.md says what each line means.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset dev >/dev/null
cmake --build --preset dev --target busbard busbarctl busbar-sim busbar_bus_bench busbar_bench_central busbar_bench_floor busbar_bench_core
node tests/bench/run.mjs "$@" >build/dev/bench.json.new
mv build/dev/bench.json.new build/dev/bench.json
