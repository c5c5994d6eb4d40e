#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the pages and drives them in Chromium, against the mock or, with BUSBAR_URL, a gateway. Arguments are test files.
set -euo pipefail
cd "$(dirname "$0")"

if ! command -v chromium >/dev/null; then
    DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=900 install -y --no-install-recommends chromium fonts-dejavu-core fonts-roboto-unhinted
fi
ui=../../gateway/web/ui
[ -d $ui/node_modules ] || npm --prefix $ui ci --no-audit --no-fund
[ -d node_modules ] || npm ci --no-audit --no-fund
npm --prefix $ui run --silent build

# One after the other: each file has a mock and a browser of its own. Node 18 knows no --test-concurrency.
[ $# -gt 0 ] || set -- flows.test.mjs screens.test.mjs
failed=0
for file; do node --test "$file" || failed=1; done
exit $failed
