#!/bin/bash
# Everything that can be found without running the code: each check runs even when one before it failed.
set -uo pipefail
cd "$(dirname "$0")/.."
PATH="$PWD/.venv/bin:$PATH"
export BROADSHEET_SECRET_KEY=only-for-checks
failed=()

check() {
    local name=$1
    shift
    printf '%-28s' "$name"
    local output
    if output=$("$@" 2>&1); then
        echo ok
    else
        echo FAILED
        echo "$output"
        failed+=("$name")
    fi
}

templates() {
    # Files that hold Jinja or Django tags; djhtml knows both.
    find src -path '*/templates/*.html' -print0 | xargs -0 djhtml --tabwidth 2 --check
}

management() {
    python -m django "$@" --settings broadsheet.settings.test
}

check "ruff check" ruff check --quiet .
check "ruff format" ruff format --check --quiet .
check "mypy" mypy
check "import-linter" lint-imports
check "djhtml" templates
check "migrations in step" management makemigrations --check --dry-run
check "catalogues in step" python -m pytest -p no:cacheprovider tests/translations/test_catalogues.py
check "django's checks" management check

if [ ${#failed[@]} -gt 0 ]; then
    echo "Failed: ${failed[*]}"
    exit 1
fi
