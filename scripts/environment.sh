#!/bin/sh
# Makes .venv and puts into it what requirements/run.txt or requirements/dev.txt names, checked by hash.
# Usage: scripts/environment.sh run|dev
set -eu
cd "$(dirname "$0")/.."
what=$1

die() {
    echo "broadsheet: $*" >&2
    exit 1
}

# A python on the PATH may be only a shim that cannot start: each candidate is asked.
find_python() {
    for candidate in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            command -v "$candidate"
            return
        fi
    done
    die "Python 3.11 or newer is needed and none was found; install it, or name it: make run PYTHON=/path/to/python3"
}

if ! .venv/bin/python -c 'import pip' >/dev/null 2>&1; then
    python=$(find_python)
    version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    "$python" -c 'import ensurepip, venv' >/dev/null 2>&1 ||
        die "Python $version cannot make an environment; on Debian and Ubuntu: apt-get install python$version-venv"
    echo "Making .venv with Python $version …"
    rm -rf .venv
    "$python" -m venv .venv || die "python$version -m venv failed; on Debian and Ubuntu: apt-get install python$version-venv"
fi

echo "Installing libraries ($what) …"
bar=off
[ -t 1 ] && bar=on
.venv/bin/python -m pip install --quiet --progress-bar "$bar" --disable-pip-version-check --require-hashes \
    --requirement "requirements/$what.txt" || die "the libraries could not be installed; see the lines above"
.venv/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable . ||
    die "the package could not be installed; see the lines above"

touch .venv/run.installed
if [ "$what" = dev ]; then
    touch .venv/dev.installed
fi
