#!/usr/bin/env bash
# Run a command in the project's environment: dotenv files, secrets and PATH.
#
# The dotenv files are sourced in this order, so a later one wins:
#   .env.local               for DOTENV, which says which secrets to take
#   .env.base                what all environments share
#   .env.$DOTENV.secret      the secrets of this environment, decrypted on the way if they are encrypted
#   .env.local               again: what is special about this machine wins over all files
# A value from outside (`-e`, compose, the shell) survives where a file writes X=${X:-'default'}.
set -euo pipefail

PROJECT_DIR="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
export PROJECT_DIR
# shellcheck source=functions.sh
. "$PROJECT_DIR/ixc_django_docker/bin/functions.sh"

# only_assignments FILE TEXT: refuses TEXT, which stands in FILE, when one of its lines runs as a command, such as
# the end of a value that lacks its quotes. Bash would quote it, and it may be part of a secret: only its line is told.
only_assignments() {
    local line
    line="$(printf '%s\n' "$2" | "$BASH" 2>&1 >/dev/null | sed -n 's/.*\(line [0-9][0-9]*\):.*/\1/p')" || true
    [ -z "$line" ] || fail "$1, ${line%%$'\n'*}: not an assignment" \
        "write NAME=\${NAME:-'value'}, one per line; a value with spaces or signs needs its quotes"
}

# tell_of_quotes FILE TEXT: names the values of TEXT, which stands in FILE, that Bash changes because they are in double quotes.
# References to variables, which are in capitals, and $(commands) are meant so. No value is shown.
tell_of_quotes() {
    local found
    case "$2" in *'="'*) ;; *) return 0 ;; esac
    # To `NAME (line 3):value`, or `NAME (line 3):default:value` where it is one; then what is meant so goes.
    found="$(printf '%s\n' "$2" | grep -nE '="' | sed -nE '
        s/^([0-9]+):[[:space:]]*(export[[:space:]]+)?([A-Za-z_][A-Za-z0-9_]*)="(.*)"[[:space:]]*(#[^"]*)?$/\3 (line \1):\4/
        t assignment
        d
        :assignment
        s/\\[$`"\\]//g
        s/^(([^ ]+) [^:]*:)\$\{\2:-(.*)\}$/\1default:\3/
        s/\$\([^)]*\)|\$[A-Z][A-Z0-9_]{2,}|\$\{[A-Z][A-Z0-9_]*(:-[^}]*)?\}//g
        s/^([^:]*):(default:.*\}|.*(\$[A-Za-z0-9_$#!*@?{(-]|[`"])).*$/\1/p' || true)"
    [ -z "$found" ] ||
        say "warning: ${1#"$PROJECT_DIR/"}: in double quotes Bash changes what is in ${found//$'\n'/, }; write NAME=\${NAME:-'value'}"
}

# source_dotenv FILE: exports what FILE sets, if it exists.
source_dotenv() {
    [ -f "$1" ] || return 0
    [ -r "$1" ] || fail "$1 is not readable for $(id -un 2>/dev/null || id -u)" "chown or chmod it"
    if grep -q $'\r' "$1"; then fail "$1 has Windows line ends, which would become part of the values" "save it with LF line ends"; fi
    local problem
    problem="$("$BASH" -n "$1" 2>&1)" || fail "$1 is not a valid dotenv file" "$problem" \
        "write NAME=\${NAME:-'value'}, one per line, without spaces around ="
    only_assignments "$1" "$(cat "$1")"
    set +eu -a
    # shellcheck disable=SC1090
    . "$1"
    set -eu +a
    tell_of_quotes "$1" "$(cat "$1")"
}

# source_secrets NAME: exports what .env.NAME.secret sets. Where git has not decrypted it (a container, a server, a clone
# that is not set up), that happens here, in memory. WITHOUT_SECRETS=1 leaves it out.
source_secrets() {
    local file="$PROJECT_DIR/.env.$1.secret" text problem
    if [ -n "${WITHOUT_SECRETS:-}" ]; then return; fi
    # With git-secret the plain file has no `.secret`, and is there once somebody decrypted it.
    if [ -e "$PROJECT_DIR/.gitsecret" ] && [ -f "$PROJECT_DIR/.env.$1" ]; then file="$PROJECT_DIR/.env.$1"; fi
    [ -f "$file" ] || return 0
    case "$(secret_kind "$file")" in
        empty | plain) source_dotenv "$file"; return ;;
    esac
    text="$("$BIN/secrets.sh" show "$file")" || exit 1
    # Not all that bash says: it quotes the line.
    problem="$(printf '%s\n' "$text" | "$BASH" -n 2>&1)" ||
        fail "$file is not a valid dotenv file: $(printf '%s\n' "$problem" | sed -n 's/.*\(line [0-9]*\):.*/\1/p;q') of what is encrypted in it" \
            "write NAME=\${NAME:-'value'}, one per line, without spaces around ="
    only_assignments "$file" "$text"
    set +eu -a
    eval "$text" 2>/dev/null
    set -eu +a
    tell_of_quotes "$file" "$text"
}

# Docker secrets: NAME_FILE holds the path of a file with the value of NAME. NAME itself wins.
# Only for ours: SSL_CERT_FILE, AWS_WEB_IDENTITY_TOKEN_FILE and their like mean the file itself.
read_secret_files() {
    local variable name file
    for variable in $(compgen -e | grep -E '^[A-Za-z_][A-Za-z0-9_]*_FILE$' || true); do
        name="${variable%_FILE}"
        file="${!variable}"
        case "$name" in
            SECRET_KEY | *PASSWORD | *PASSPHRASE | *_DSN | *_LICENSE_KEY | MEDIA_AWS_*KEY*) ;;
            CELERY_BROKER_URL | FLOWER_BASIC_AUTH | LOGENTRIES_TOKEN) ;;
            *) case "$file" in /run/secrets/*) ;; *) continue ;; esac ;;
        esac
        if [ -n "$file" ] && [ -z "${!name:-}" ]; then
            [ -r "$file" ] || fail "$variable names $file, which cannot be read" "mount the secret, or unset $variable"
            export "$name=$(cat "$file")"
        fi
    done
}

# With an empty environment bash makes up a PATH that ends with the current folder.
export PATH="${PATH%:.}"
# A file in an older project's own bin/ is not meant to stand for one of Python's, such as pytest.
first=""
if older && [ -n "${VIRTUAL_ENV:-}" ]; then first="$VIRTUAL_ENV/bin:"; fi
export PATH="$first$PROJECT_DIR/bin:$PROJECT_DIR/node_modules/.bin:$BIN:$PATH"
export PYTHONPATH="$PROJECT_DIR${PYTHONPATH:+:$PYTHONPATH}"

source_dotenv "$PROJECT_DIR/.env.local"
if [ -z "${DOTENV:-}" ] && [ -n "${DEFAULT_DOTENV:-}" ]; then export DOTENV="$DEFAULT_DOTENV"; fi
dotenv="${DOTENV:-}"
source_dotenv "$PROJECT_DIR/.env.base"
if [ -n "$dotenv" ]; then source_secrets "$dotenv"; fi
source_dotenv "$PROJECT_DIR/.env.local"
read_secret_files

export VAR_DIR="${VAR_DIR:-$PROJECT_DIR/var}"
# A host without a database name: the conventional one. Neither of them: SQLite.
if [ -n "${PGHOST:-}" ] && [ -z "${PGDATABASE:-}" ] && [ -n "${PROJECT_NAME:-}" ]; then
    export PGDATABASE="$PROJECT_NAME${DOTENV:+_$DOTENV}"
fi

if [ $# -eq 0 ]; then set -- bash.sh; fi
if ! has "$1"; then
    fail "there is no command \`$1\`" "\`help.sh\` lists the commands of the project"
fi
exec "$@"
