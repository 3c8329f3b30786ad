#!/usr/bin/env bash
# Install the Python packages of $REQUIREMENTS_FILE (default: requirements.txt) when it changed.
#
# `--check` only tells, by its exit code, whether nothing is to be done.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

if in_image; then exit; fi

file="${REQUIREMENTS_FILE:-requirements.txt}"
if [ -z "${VIRTUAL_ENV:-}" ]; then
    [ "${1:-}" != --check ] || exit 1
    say "pip-install.sh: no virtual environment is active, so nothing was installed; ./go.sh makes one"
    exit
fi
[ -e "$file" ] || fail "there is no $file" "lock the requirements: ixc_django_docker/README.md, \"Requirements\""

# The mark lives with what it is about: without the virtual environment it is gone too.
mark="$VIRTUAL_ENV/.pip-install.sh"
# An older project keeps its requirements as they are; what the wrapper needs stands beside them.
more=ixc_django_docker/requirements.txt
# What its developers and tests need is named in .env.base, which nothing has read yet.
developers=()
IFS=' ' read -r -a developers < <(sed -n 's/^DEVELOPER_REQUIREMENTS="\(.*\)"$/\1/p' .env.base 2>/dev/null) || true
files=("$file" ${developers[@]+"${developers[@]}"})
# included FILE: prints it and the files that it names with -r and -c. The list of ancestors keeps a circle from being one.
included() {
    local name named folder
    case "$ancestors" in *"|$1|"*) return ;; esac
    [ -f "$1" ] || return 0
    printf '%s\n' "$1"
    named="$(tr -d '\r' <"$1" | sed -nE 's/^ *(-r|-c|--requirement|--constraint)[ =]*([^ #]+).*/\2/p')"
    folder="$(dirname "$1")"
    local ancestors="$ancestors$1|"
    while IFS= read -r name; do
        case "$name" in '' | *://*) ;; /*) included "$name" ;; *) included "$folder/$name" ;; esac
    done <<<"$named"
}
if older; then
    ancestors='|' roots=("${files[@]}") files=()
    for root in "${roots[@]}"; do
        while IFS= read -r name; do files+=("$name"); done < <(included "$root")
    done
fi
wanted="$(fingerprint requirements.txt "${files[@]}" "$more")"
current() { [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; }
if current; then exit; fi
case "${1:-}" in
    --check) exit 1 ;;
    --locked) ;;
    *) exec "$VIRTUAL_ENV/bin/python" "$BIN/waitlock.py" --local pip-install -- "$0" --locked ;;
esac

say "pip-install.sh: installing $file"
# An older project is installed by pip, as in its image: uv refuses much that was usual once.
if has uv && ! older; then
    # Trust what the system trusts, as pip does: a company's own authority for example.
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    set -- uv pip install --quiet --python "$VIRTUAL_ENV/bin/python"
else
    # A virtual environment made by uv has no pip of its own.
    "$VIRTUAL_ENV/bin/python" -m pip --version >/dev/null 2>&1 || "$VIRTUAL_ENV/bin/python" -m ensurepip >&2
    set -- "$VIRTUAL_ENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input
fi
if older; then
    "$@" -r "$file" >&2 || fail "the packages of $file could not be installed; the message is above" \
        "if a package has nothing for $("$VIRTUAL_ENV/bin/python" --version 2>&1), .env.base may name the wrong PROJECT_PYTHON" \
        "what a package is compiled with is listed in the Dockerfile"
else
    "$@" -r "$file" >&2 || fail "the packages of $file could not be installed; the message is above" \
        "if a package is missing or a hash differs, lock the requirements again: ixc_django_docker/README.md, \"Requirements\"" \
        "where nothing could be downloaded, look for the network first"
fi
if [ -e "$more" ]; then
    "$@" -r "$more" >&2 || fail "the packages of $more could not be installed; the message is above"
fi
for file in ${developers[@]+"${developers[@]}"}; do
    if [ -e "$file" ] && ! "$@" -r "$file" >&2; then
        say "pip-install.sh: the packages of $file could not be installed, and tests or tools may miss them; the message is above"
        # What it includes can be had all the same.
        ancestors='|'
        included "$file" | tail -n +2 | while IFS= read -r name; do "$@" -r "$name" >&2 </dev/null || true; done
    fi
done
printf '%s\n' "$wanted" >"$mark"
