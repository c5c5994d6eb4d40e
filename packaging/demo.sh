#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds Busbar and shows it at work: three simulated chargers, a gateway, a central system, a story.
#   packaging/demo.sh           tells the story, then goes on until Ctrl-C
#   packaging/demo.sh --once    ends by itself; exit 0 only if everything in the story came true
set -euo pipefail
cd "$(dirname "$0")/.."

case "$*" in
"" | --once) ;;
*)
    echo "usage: packaging/demo.sh [--once]" >&2
    exit 2
    ;;
esac

packaging/setup.sh
echo "== building (the first time takes some minutes)"
mkdir -p build
cmake --preset dev >build/demo-configure.log || { cat build/demo-configure.log >&2; exit 1; }
cmake --build --preset dev --parallel "$(nproc)" --target busbard busbarctl busbar-sim
exec node packaging/demo/demo.mjs "$@"
