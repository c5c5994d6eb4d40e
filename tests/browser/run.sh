#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the pages and drives them in Chromium against busbard, simulated chargers and a central system. Arguments are test
# files; without any, all. The programs come from build/dev/bin, or from BUSBAR_PROGRAMS.
set -euo pipefail
cd "$(dirname "$0")"

../../packaging/setup.sh
npm --prefix ../../gateway/web/ui run --silent build

# One after the other: each file has a browser of its own. Node 18 knows no --test-concurrency.
[ $# -gt 0 ] || set -- *.test.mjs
failed=0
for file; do node --test --test-reporter=spec "$file" || failed=1; done
exit $failed
