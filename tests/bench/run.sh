#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Benchmarks: tests/bench/run.sh [--short] of the bus, beside what the line itself needs; tests/bench/run.sh web of the API,
# beside another server.
set -eu
cd "$(dirname "$0")/../.."
cmake --preset dev >/dev/null
if [ "${1-}" = web ]; then
    cmake --build --preset dev --target busbard busbarctl busbar-sim
    exec node tests/bench/web.mjs
fi
cmake --build --preset dev --target busbar_bus_bench
exec build/dev/bin/busbar_bus_bench "$@"
