#!/bin/sh
# Locks the libraries: dev.txt holds everything, run.txt what a site needs, in the same versions.
set -eu
cd "$(dirname "$0")/.."
uv=.venv/bin/uv
[ -x "$uv" ] || uv=uv

compile() {
    output=$1
    shift
    "$uv" pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --quiet "$@" --output-file "$output"
}

compile requirements/dev.txt --group dev
compile requirements/run.txt --group build --constraint requirements/dev.txt
echo "requirements/dev.txt and requirements/run.txt are locked."
