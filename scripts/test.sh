#!/bin/bash
# The whole suite: the fast tests on all cores, then those that start real servers and a browser, then the fast ones
# again on PostgreSQL where a server answers. Arguments are passed to pytest.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
failed=()
summary=()

suite() {
    local name=$1
    shift
    echo
    echo "== $name"
    local lines
    lines=$(mktemp)
    python -m pytest "$@" | tee "$lines"
    local code=${PIPESTATUS[0]}
    # 5: none of the tests was chosen, which is no failure where arguments choose.
    if [ "$code" -ne 0 ] && [ "$code" -ne 5 ]; then
        failed+=("$name")
    fi
    summary+=("$name: $(tail -n 1 "$lines")")
    rm -f "$lines"
}

scripts/chromium.sh || summary+=("browser: no Chromium, its tests were skipped")
scripts/checkers.sh || summary+=("validity: no npm or Java, the checks of HTML were skipped")

suite "fast, SQLite" -n auto -m "not slow and not browser" "$@"
suite "slow, SQLite" -n auto -m "slow and not site" "$@"
# A file keeps to one process: each process has a site and a browser, whose loop is in the way of everything else.
suite "site and browser, SQLite" -n auto --dist loadfile -m site "$@"

if url=$(python scripts/postgresql.py); then
    DATABASE_URL=$url suite "fast, PostgreSQL" -n auto -m "not slow and not browser and not postgresql" "$@"
    # These commit for real and empty the tables behind them: nothing may run in the same database after them.
    DATABASE_URL=$url suite "real commits, PostgreSQL" -m postgresql "$@"
else
    summary+=("PostgreSQL: SKIPPED, no server answers at DATABASE_URL_TEST or 127.0.0.1:5432")
fi

echo
printf '%s\n' "${summary[@]}"
if [ ${#failed[@]} -gt 0 ]; then
    echo "Failed: ${failed[*]}"
    exit 1
fi
