#!/usr/bin/env bash
# List the commands of the project: its own and those of the wrapper.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

# Each script says in its first comment what it does.
list() {
    local file
    printf '%s\n' "$1"
    shift
    for file in "$1"/*; do
        if [ -f "$file" ] && [ -x "$file" ] && [ "${file##*/}" != functions.sh ]; then
            printf '  %-20s %s\n' "${file##*/}" "$(sed -n -e 's/``//g' -e 's/"""$//' -e '1!s/^# //p' -e '1!s/^"""//p' "$file" | head -n 1)"
        fi
    done
}

list 'Commands of this project (bin/), which come first:' "$PROJECT_DIR/bin"
printf '\n'
list 'Commands of the wrapper (ixc_django_docker/bin/):' "$BIN"
