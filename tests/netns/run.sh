#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Plays the named scenarios, all without arguments, each in user, network and mount namespaces of its own; needs no root.
# --list prints the table of them. Exit 0: all went well, 1: one did not, 77: the kernel forbids such namespaces.
set -euo pipefail
cd "$(dirname "$0")"

if [ "${1:-}" = --list ]; then exec node play.mjs; fi
./namespaces.sh --possible || exit $?

if [ $# -eq 0 ]; then mapfile -t scenarios < <(node play.mjs | cut -d' ' -f1); else scenarios=("$@"); fi
failed=0
for scenario in "${scenarios[@]}"; do
    ./namespaces.sh node play.mjs "$scenario" || failed=1
done
exit "$failed"
