#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the web pages into a folder (build/pages), where they are older than their sources: once for all processors.
# All of it happens beside that folder: the sources stay as they are.
set -euo pipefail
ui=$(cd "$(dirname "$0")/../gateway/web/ui" && pwd)
pages=${1:-$ui/../../../build/pages}
mkdir -p "$(dirname "$pages")"
pages=$(realpath "$pages") work=$pages-work

sources() { find "$ui" \( -path "$ui/node_modules" -o -path "$ui/dist" \) -prune -o -type f -printf '%P\0' | sort -z; }

inputs=$(cd "$ui" && sources | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
[ "$(cat "$pages.inputs" 2>/dev/null)" = "$inputs" ] && exit

printf '== building the web pages\n'
rm -rf "$pages" "$pages.inputs" "$work"
mkdir "$work"
sources | tar --create --directory "$ui" --null --verbatim-files-from --files-from - | tar --extract --directory "$work"
npm ci --prefix "$work" --no-audit --no-fund --loglevel=error
npm run --prefix "$work" build
mv "$work/dist" "$pages"
rm -rf "$work"
printf '%s\n' "$inputs" >"$pages.inputs"
