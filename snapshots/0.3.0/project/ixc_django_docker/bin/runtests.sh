#!/usr/bin/env bash
# Run the tests with pytest and show what they cover. Arguments go to pytest.
#
# WITHOUT_COVERAGE=1 skips the coverage report. No tests are looked for in the folders that TEST_EXCLUDE_DIRS names
# with spaces between them; NOSE_EXCLUDE_DIRS, with `;` between them, still does the same.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

# An older project's tests run as they did before: with pytest where that is set up, which often names the settings.
if [ -e ixc_django_docker/requirements.txt ]; then
    own="${PYTHONPATH:-.}"
    for file in {.,"${own%%:*}"}/{pytest.ini,pyproject.toml,tox.ini,setup.cfg}; do
        if has pytest && grep -qsE '^\[(pytest|tool:pytest|tool\.pytest.*)\]' "$file"; then
            if grep -qE '^ *DJANGO_SETTINGS_MODULE|--ds' "$file"; then
                unset DJANGO_SETTINGS_MODULE
            elif ! bypass; then
                export DJANGO_SETTINGS_MODULE=ixc_django_docker.settings PYTHONPATH="$PROJECT_DIR:${PYTHONPATH:-}"
            fi
            cd "$(dirname "$file")"
            exec pytest "$@"
        fi
    done
    # Tests are looked for below the current folder.
    cd "${own%%:*}"
    exec manage.py test "$@"
fi

has pytest || fail "pytest is not installed" "./go.sh and the \`dev\` image install requirements-dev.txt, which names it"

# The settings of tests, whatever the shell was started for. The tests make a database of their own.
export DOTENV=test OVERRIDE_SETTINGS=test.py
if [ -z "${WITHOUT_COVERAGE:-}" ]; then set -- --cov --cov-report=term-missing:skip-covered "$@"; fi
excluded="${TEST_EXCLUDE_DIRS:-} ${NOSE_EXCLUDE_DIRS:-}"
for folder in ${excluded//;/ }; do set -- "--ignore=$folder" "$@"; done
export COVERAGE_FILE="${COVERAGE_FILE:-${VAR_DIR:-$PROJECT_DIR/var}/.coverage}"
exec pytest "$@"
