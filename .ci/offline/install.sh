#!/usr/bin/env bash
# Installs Rasad from this archive; no network is used. PYTHON names a Python that is not in the PATH.
set -euo pipefail
cd "$(dirname "$0")"

if [ ! -f wheels/PYTHON ]; then
  echo "install.sh belongs into the archive that \`make dist\` builds: from a checkout use \`make run\`." >&2
  exit 1
fi
needed=$(cat wheels/PYTHON)
for name in ${PYTHON:-} "python$needed" python3; do
  if [ "$("$name" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$needed" ]; then
    found=$name
    break
  fi
done
if [ -z "${found:-}" ]; then
  echo "The wheels of this archive are for Python $needed: install it, or name it with PYTHON=/path/to/python." >&2
  exit 1
fi
if ! "$found" -m venv .venv; then
  rm -rf .venv
  echo "$found cannot make a virtual environment: install its venv module (Debian: python3-venv)." >&2
  exit 1
fi
.venv/bin/python -m pip --isolated --disable-pip-version-check install --quiet --no-index --find-links wheels \
  --requirement requirements.txt
touch .venv/.needs # so that `make run` knows of it

cat <<'SAID'
Rasad is installed. Start it here:
  .venv/bin/python -m dashboard demo     a live page with demo data at http://127.0.0.1:8050
  .venv/bin/python -m dashboard serve    your own data; README.md and .env.example name the settings
SAID
