#!/usr/bin/env bash
# Rebuilds static/vendor/nhsuk from the pinned package; needs npm once, never at install or run time.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="$here/../static/vendor/nhsuk"
version=10.6.1
integrity="sha512-PZorqQZjZx/A26yJoskCL9z0ib6AtkAyF0o4K/RHr8zRrJyXrUOCnMbjy0VNXsGO4tfTNMwqlkwATKs4a0xayw=="
python="${PYTHON:-python3}"
work="${BUILD_DIR:-$(mktemp -d)}"

cd "$work"
[ -f "nhsuk-frontend-$version.tgz" ] || npm pack --silent "nhsuk-frontend@$version" >/dev/null
found="sha512-$(openssl dgst -sha512 -binary "nhsuk-frontend-$version.tgz" | base64 -w0)"
[ "$found" = "$integrity" ] || { echo "nhsuk-frontend-$version.tgz is not the package this build was made from" >&2; exit 1; }
mkdir -p "packages/nhsuk-frontend"
tar xzf "nhsuk-frontend-$version.tgz" -C packages/nhsuk-frontend --strip-components=1
tools="sass@1.108.2 rtlcss@4.3.0 terser@5.44.0"
[ -x node_modules/.bin/terser ] || npm install --silent --no-audit --no-fund --no-save $tools >/dev/null

mkdir -p "$out"
for sheet in respondent staff; do
    node_modules/.bin/sass --style=compressed --no-source-map --quiet-deps --load-path=packages "$here/$sheet.scss" "$out/$sheet.css"
    if grep -o "url([^)]*)" "$out/$sheet.css" | grep -v "data:,"; then echo "$sheet.css asks for another file" >&2; exit 1; fi
done
# Nobody prints a question, and each kilobyte before the first one counts.
"$python" - "$out/respondent.css" <<'PRINT'
import re, sys
from pathlib import Path
sheet = Path(sys.argv[1])
sheet.write_text(re.sub(r"@media print\{(?:[^{}]*\{[^{}]*\})*\}", "", sheet.read_text("utf-8")), "utf-8")
PRINT
# The twin for languages that run from right to left: the library has physical properties only.
node_modules/.bin/rtlcss --silent "$out/respondent.css" "$out/respondent.rtl.css"
for script in "$here"/../scripts/*.js; do
    node_modules/.bin/terser "$script" --compress --mangle --output "$here/../static/survey/$(basename "$script")"
done
rm -f "$out"/*.br "$out"/*.gz
rm -f "$here"/../static/survey/*.br "$here"/../static/survey/*.gz
"$python" -m whitenoise.compress --quiet "$out"
"$python" -m whitenoise.compress --quiet "$here/../static/survey"
