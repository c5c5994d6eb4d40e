#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the web pages into build/pages, where they are older than their sources: once for all processors.
set -euo pipefail
cd "$(dirname "$0")/.."

ui=gateway/web/ui
inputs=$(find "$ui" -path "$ui/node_modules" -prune -o -type f -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
[ "$(cat build/pages.inputs 2>/dev/null)" = "$inputs" ] && exit

printf '== building the web pages\n'
rm -rf build/pages build/pages.inputs build/pages-work
mkdir -p build/pages-work
(cd "$ui" && cp -r index.html package.json package-lock.json svelte.config.js tsconfig.json vite.config.ts src public "$OLDPWD/build/pages-work/")
npm ci --prefix build/pages-work --no-audit --no-fund --loglevel=error
npm run --prefix build/pages-work build
mv build/pages-work/dist build/pages
rm -rf build/pages-work
printf '%s\n' "$inputs" >build/pages.inputs
