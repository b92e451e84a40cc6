#!/usr/bin/env bash
# Takes the pictures of static/pictures out of the pinned package; needs npm once, never at install or run time.
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
out="$here/../static/pictures"
version=1.2.13
integrity="sha512-1c6nzjXoYBHwFqckX4Jb0PIReOzm3FZ4hWHNz/YYw1yL7QRBTeolh+S4kWpjWVa8hn9oJjgdFv0fyd8ERcRiEA=="
names="award-ribbon calendar communication community-meeting forum group-discussion-meeting home hot-meal i-schedule-school-date-time info people referral social-work umbrella"
python="${PYTHON:-python3}"
work="${BUILD_DIR:-$(mktemp -d)}"

cd "$work"
[ -f "iconify-json-healthicons-$version.tgz" ] || npm pack --silent "@iconify-json/healthicons@$version" >/dev/null
found="sha512-$(openssl dgst -sha512 -binary "iconify-json-healthicons-$version.tgz" | base64 -w0)"
[ "$found" = "$integrity" ] || { echo "iconify-json-healthicons-$version.tgz is not the package these pictures were taken from" >&2; exit 1; }
tar xzf "iconify-json-healthicons-$version.tgz" package/icons.json
mkdir -p "$out"
# shellcheck disable=SC2086
"$python" - "$out" $names <<'TAKE'
import json, pathlib, sys
out, *names = sys.argv[1:]
icons = json.load(open("package/icons.json"))["icons"]
for name in names:
    icon = icons[name]
    width, height = icon.get("width", 48), icon.get("height", 48)
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="96" height="96">'
    pathlib.Path(out, f"{name}.svg").write_text(f"{head}{icon['body']}</svg>\n")
TAKE
