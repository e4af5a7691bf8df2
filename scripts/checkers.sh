#!/bin/sh
# Installs the checkers of HTML (html-validate, the Nu checker) for the tests, where npm and Java are there.
set -eu
cd "$(dirname "$0")/.."
if ! command -v npm >/dev/null 2>&1 || ! command -v java >/dev/null 2>&1; then
    echo "The tests of valid HTML need npm and Java (on Debian: apt-get install npm default-jre-headless)."
    exit 1
fi
[ -d tests/site/checkers/node_modules/html-validate ] && [ -d tests/site/checkers/node_modules/vnu-jar ] ||
    npm ci --prefix tests/site/checkers --ignore-scripts --no-audit --no-fund --loglevel=error
