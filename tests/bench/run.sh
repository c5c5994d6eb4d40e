#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The benchmarks of the bus, beside what the line itself needs: tests/bench/run.sh [--short]
set -eu
cd "$(dirname "$0")/../.."
cmake --preset dev >/dev/null
cmake --build --preset dev --target busbar_bus_bench
exec build/dev/bin/busbar_bus_bench "$@"
