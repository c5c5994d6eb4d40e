#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Prints the figures of failover, beside NetworkManager's where that is installed: tests/netns/bench.sh [--quick] [FIGURE...]
# --quick flaps for 64 s, not 300. Exit 77: the kernel forbids the namespaces.
set -euo pipefail
cd "$(dirname "$0")"

if [ "${1:-}" = --quick ]; then
    export BUSBAR_FLAPPING_S=64
    shift
fi
./namespaces.sh --possible
exec node bench.mjs "$@"
