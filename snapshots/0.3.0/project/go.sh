#!/usr/bin/env bash
# Run the project without Docker: `./go.sh` opens a shell, `./go.sh COMMAND…` runs one command.
#
# The first start makes a virtual environment in var/go.sh-venv and installs requirements-dev.txt;
# a later start installs only when a requirements file changed. Works with the bash 3.2 of macOS.
set -euo pipefail

usage() {
    cat <<'USAGE'
usage: ./go.sh                  open a shell in which all scripts of the project work
       ./go.sh COMMAND [ARG]…   run one command, for example `./go.sh runserver.sh`
       ./go.sh --reset          remove var/go.sh-venv and the node_modules that npm-install.sh made
       ./go.sh --help           show this

Inside the shell, `help.sh` lists the project's commands.
USAGE
}

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [HINT]…
fail() {
    say "error: $1"
    shift
    [ $# -eq 0 ] || say ""
    while [ $# -gt 0 ]; do say "hint: $1"; shift; done
    exit 1
}

# The folder of this file, also when it is started through a symbolic link.
here() {
    local path="${BASH_SOURCE[0]}" folder
    while [ -L "$path" ]; do
        folder="$(cd -P "$(dirname "$path")" && pwd)"
        path="$(readlink "$path")"
        case "$path" in /*) ;; *) path="$folder/$path" ;; esac
    done
    cd -P "$(dirname "$path")" && pwd
}

# Prints `brew install X` or `apt-get install Y`, whichever fits this machine.
install_hint() {
    if [ "$(uname)" = Darwin ]; then printf 'brew install %s' "$1"; else printf 'sudo apt-get install %s' "$2"; fi
}

fits() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 14))' >/dev/null 2>&1; }

# An older project runs with the one Python that .env.base names, be it 2.7.
is_named() { "$1" -c 'import sys; sys.exit("%d.%d" % sys.version_info[:2] != sys.argv[1])' "$named" >/dev/null 2>&1; }

# Prints a command that installs the Python that .env.base names, with what this machine has.
named_python_hint() {
    if command -v uv >/dev/null; then
        printf 'uv python install %s' "$named"
    elif command -v pyenv >/dev/null; then
        printf 'pyenv install %s' "$named"
    elif [ "$(uname)" = Darwin ]; then
        printf 'brew install python@%s' "$named"
    else
        printf 'with uv (docs.astral.sh/uv): uv python install %s' "$named"
    fi
}

# Prints the path of the Python of an older project. PYTHON may be any: whoever sets it knows why.
find_named_python() {
    local name found docker=""
    if [ -n "${PYTHON:-}" ]; then
        found="$(command -v "$PYTHON" || true)"
        if [ -n "$found" ] && "$found" -c '' >/dev/null 2>&1; then printf '%s' "$found"; return; fi
        fail "PYTHON names $PYTHON, which is no Python that runs" "unset it, or set it to the path of one"
    fi
    for name in "python$named" python3 python "${PYENV_ROOT:-$HOME/.pyenv}/versions/$named".*/bin/python; do
        found="$(command -v "$name" || true)"
        if [ -n "$found" ] && is_named "$found"; then printf '%s' "$found"; return; fi
    done
    if command -v uv >/dev/null; then
        say "go.sh: no Python $named found, asking uv for one"
        found="$(uv python find "$named" 2>/dev/null || { uv python install "$named" >&2 && uv python find "$named"; })" || true
        if [ -n "$found" ] && is_named "$found"; then printf '%s' "$found"; return; fi
    fi
    case "$named" in
        3.1[1-4])
            found="$(another_python)"
            if [ -n "$found" ]; then
                say "go.sh: Python $named, which .env.base names for this project, was not found; $("$found" --version 2>&1) takes its place"
                printf '%s' "$found"
                return
            fi
            ;;
    esac
    if [ -e "$project/compose.yaml" ]; then docker="the image has it: docker compose run --rm --service-ports bash"; fi
    # Of a project that has Docker files of its own.
    if [ -e "$project/compose.ixc.yaml" ]; then docker="the image has it: docker compose -f compose.ixc.yaml run --rm --service-ports bash"; fi
    fail "Python $named, which .env.base names for this project, was not found: there is no python$named on PATH and none of pyenv's" \
        "install it and start go.sh again: $(named_python_hint)" ${docker:+"$docker"} \
        "another Python is worth a try: PYTHON=python3 ./go.sh"
}

# make_environment PYTHON: makes the virtual environment of an older project, with pip, as its image does.
make_environment() {
    if "$1" -c 'import ensurepip, venv' 2>/dev/null; then
        "$1" -m venv "$venv" >&2 || fail "$1 could not make $venv"
    elif "$1" -c 'import virtualenv' 2>/dev/null; then
        "$1" -m virtualenv --quiet "$venv" >&2 || fail "virtualenv could not make $venv"
    elif command -v virtualenv >/dev/null && virtualenv --quiet --python "$1" "$venv" >&2; then
        return
    elif command -v uv >/dev/null && uv venv --quiet --seed --python "$1" "$venv" >&2; then
        return
    else
        case "$named" in
            2.*) fail "$1 cannot make virtual environments: it has no virtualenv" "$1 -m pip install --user 'virtualenv<20.22'" ;;
            *) fail "$1 cannot make virtual environments: its venv module is incomplete" \
                "$(install_hint "python@$named" "python$named-venv")" "$1 -m pip install --user virtualenv" ;;
        esac
    fi
}

# Prints the path of a Python 3.11 to 3.14, or nothing.
another_python() {
    local name found
    for name in ${PYTHON:+"$PYTHON"} python3 python3.14 python3.13 python3.12 python3.11; do
        found="$(command -v "$name" || true)"
        if [ -n "$found" ] && fits "$found"; then printf '%s' "$found"; return; fi
    done
}

# Prints the path of a Python that the pinned requirements are for.
find_python() {
    local found
    found="$(another_python)"
    if [ -n "$found" ]; then printf '%s' "$found"; return; fi
    if command -v uv >/dev/null; then
        say "go.sh: no Python 3.11 to 3.14 found, asking uv for one"
        found="$(uv python find '>=3.11,<3.15' 2>/dev/null || { uv python install 3.14 >&2 && uv python find 3.14; })" || true
        if [ -n "$found" ] && fits "$found"; then printf '%s' "$found"; return; fi
    fi
    fail "no Python 3.11, 3.12, 3.13 or 3.14 is on PATH" \
        "$(install_hint python@3.14 'python3 python3-venv'), or set PYTHON to the path of one"
}

# True when the virtual environment was made here, for the Python that .env.base names.
made_here() {
    [ -x "$venv/bin/python" ] && [ "$(sed -n 1p "$venv/.go.sh" 2>/dev/null)" = "$project" ] || return 1
    if [ -z "$named" ] || [ -n "${PYTHON:-}" ]; then return; fi
    # The second line is what was named when it was made; another Python may have taken its place.
    [ "$(sed -n 2p "$venv/.go.sh")" = "$named" ] || is_named "$venv/bin/python"
}

# True when the virtual environment has what the requirements files name, too.
ready() { made_here && "$wrapper/pip-install.sh" --check; }

# Makes the virtual environment if needed and installs into it. One process at a time does this.
bootstrap() {
    local python="$1"
    ready && return
    if ! made_here; then
        if [ -x "$venv/bin/python" ]; then
            say "go.sh: the virtual environment is not for this folder and Python${named:+ $named}, so it is made anew"
        fi
        say "go.sh: making a virtual environment in var/go.sh-venv ($("$python" --version 2>&1))"
        rm -rf -- "$venv"
        if [ -n "$named" ]; then
            make_environment "$python"
        elif command -v uv >/dev/null; then
            uv venv --quiet --python "$python" "$venv" >&2 || fail "uv could not make $venv"
        else
            "$python" -c 'import ensurepip' 2>/dev/null ||
                fail "$python cannot make virtual environments: its venv module is incomplete" \
                    "$(install_hint python@3.14 python3-venv)" "or install uv, which needs no such module"
            "$python" -m venv "$venv" >&2 || fail "$python could not make $venv"
        fi
        printf '%s\n' "$project" ${named:+"$named"} >"$venv/.go.sh"
    fi
    "$wrapper/pip-install.sh"
}

# may_use PATTERN: true unless this is an older project, the answers of which say that it does without.
may_use() { [ -z "$named" ] || grep -qs -e "$1" "$project/.ixd-template.yml"; }

# Names programs that parts of the project can use. None is required.
list_missing() {
    local missing=""
    note() { command -v "$1" >/dev/null || missing="$missing"$'\n'"  $1 ($2): $(install_hint "$3" "$4")"; }
    if [ -e "$project/yarn.lock" ]; then
        note yarn "Sass and Less" yarn yarnpkg
    elif [ -e "$project/package.json" ]; then
        note npm "Sass and Less" node npm
    fi
    if [ -e "$project/locale" ]; then note msgfmt "translations" gettext gettext; fi
    if may_use 'database: post'; then note psql "set-up of PostgreSQL databases" libpq postgresql-client; fi
    if may_use '- redis$'; then note redis-server "shared cache and locks" redis redis-server; fi
    [ -z "$missing" ] || say "go.sh: optional programs that are not on PATH:$missing"
}

# In a clone where git was not told how, new secrets would be committed in the clear.
warn_of_secrets() {
    if grep -qs 'filter=crypt' "$project/.gitattributes" && git -C "$project" rev-parse >/dev/null 2>&1 &&
        ! git -C "$project" config filter.crypt.clean >/dev/null; then
        say "go.sh: git does not encrypt secret files in this clone yet; \`ixd-template secrets init\` sets it up"
    fi
}

reset() {
    local folder="$project/node_modules"
    if [ -L "$venv" ] || { [ -e "$venv" ] && ! [ -e "$venv/pyvenv.cfg" ]; }; then
        say "go.sh: left alone, because go.sh did not make it: $venv"
    elif [ -e "$venv" ]; then
        rm -rf -- "$venv" && say "go.sh: removed $venv"
    fi
    if [ -L "$folder" ] || { [ -e "$folder" ] && ! [ -e "$folder/.npm-install.sh" ]; }; then
        say "go.sh: left alone, because npm-install.sh did not make it: $folder"
    elif [ -e "$folder" ]; then
        rm -rf -- "$folder" && say "go.sh: removed $folder"
    fi
}

# With an empty environment bash makes up a PATH that ends with the current folder.
export PATH="${PATH%:.}"
project="$(here)"
wrapper="$project/ixc_django_docker/bin"
venv="$project/var/go.sh-venv"

case "${1:-}" in
    --help | -h) usage; exit ;;
    --reset) reset; exit ;;
esac

case "$project" in
    *:*) fail "the project cannot run in $project, because PATH has no way to hold a folder with a colon" "rename the folder" ;;
esac

export VIRTUAL_ENV="$venv" PROJECT_DIR="$project"
# An older project that was brought onto the template names its file and its Python in .env.base.
# shellcheck disable=SC2016
file="$(sed -n "s/^REQUIREMENTS_FILE=\"*\${REQUIREMENTS_FILE:-'*\([^'}]*\)'*}\"*$/\1/p" "$project/.env.base" 2>/dev/null || true)"
export REQUIREMENTS_FILE="${REQUIREMENTS_FILE:-${file:-requirements-dev.txt}}"
named="$(sed -n 's/^PROJECT_PYTHON="\([23]\.[0-9]*\).*"$/\1/p' "$project/.env.base" 2>/dev/null || true)"
unset PYTHONHOME

# In a container of the image everything is there, and var/go.sh-venv is that of the machine outside.
if [ "$project" = /app ] && [ -x /opt/venv/bin/python ]; then
    export VIRTUAL_ENV=/opt/venv
    if [ $# -eq 0 ]; then set -- bash.sh; fi
    exec "$wrapper/entrypoint.sh" "$@"
fi

if [ "${1:-}" = --bootstrap ]; then # Only go.sh itself says this, below.
    export PATH="$venv/bin:$PATH"
    bootstrap "$2"
    exit
fi

if ! ready; then
    if [ -n "$named" ]; then python="$(find_named_python)"; else python="$(find_python)"; fi
    "$python" "$wrapper/waitlock.py" --local go.sh -- "$BASH" "$project/go.sh" --bootstrap "$python"
    list_missing
    warn_of_secrets
elif [ $# -eq 0 ]; then
    list_missing
    warn_of_secrets
fi
export PATH="$venv/bin:$PATH"

if ! [ -e "$project/.env.local" ] && [ -e "$project/.env.local.sample" ]; then
    (umask 077 && cp "$project/.env.local.sample" "$project/.env.local")
    say "go.sh: made .env.local from .env.local.sample; it is yours to edit and not committed"
fi

if [ $# -eq 0 ]; then set -- bash.sh; fi
exec "$wrapper/entrypoint.sh" "$@"
