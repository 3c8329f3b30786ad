# shellcheck shell=bash
# Sourced by the scripts beside it. Needs no more than bash 3.2 and prints nothing on stdout by itself.

say() { printf '%s\n' "$*" >&2; }

# fail MESSAGE [HINT]…: says what went wrong and what to do, and ends the script.
fail() {
    say "error: $1"
    shift
    [ $# -eq 0 ] || say ""
    while [ $# -gt 0 ]; do say "hint: $1"; shift; done
    exit 1
}

# The address to listen on, as it stands before a port.
bind_address() {
    case "${BIND_ADDRESS:-127.0.0.1}" in
        [!\[]*:*) printf '[%s]' "$BIND_ADDRESS" ;;
        *) printf '%s' "${BIND_ADDRESS:-127.0.0.1}" ;;
    esac
}

# need_port NAME: ends the script when the variable NAME holds something else than a port.
need_port() {
    case "${!1:-1}" in
        *[!0-9]* | ??????*) ;;
        *) [ "${!1:-1}" -gt 65535 ] || return 0 ;;
    esac
    fail "$1 must be the number of a port, up to 65535, and is '${!1}'"
}

has() { command -v "$1" >/dev/null 2>&1; }

# fingerprint FILE…: prints the sha256 of the names and contents of those files that exist.
fingerprint() {
    local file
    for file in "$@"; do
        if [ -f "$file" ]; then printf '%s\n' "${file##*/}" && cat "$file"; fi
    done | if has sha256sum; then sha256sum; elif has shasum; then shasum -a 256; else openssl dgst -sha256 -r; fi |
        cut -d ' ' -f 1
}

# secret_kind FILE: prints empty, crypt (transcrypt's format), gpg, headerless or plain.
secret_kind() {
    case "$(head -c 8 "$1" | to_hex)" in
        '') printf 'empty' ;;
        553246736447566b) printf 'crypt' ;;
        8[4-7]* | 8c* | c1* | 2d2d2d2d2d424547) printf 'gpg' ;;
        *)
            # What transcrypt before 2.2 wrote with OpenSSL 3: base64 as well, but the salt is lost.
            if head -n 1 "$1" | LC_ALL=C grep -aEq '^[A-Za-z0-9+/]{22,64}=*$' &&
                ! LC_ALL=C grep -aEqv '^[A-Za-z0-9+/]+=*$' "$1"; then
                printf 'headerless'
            else
                printf 'plain'
            fi
            ;;
    esac
}

to_hex() { od -An -v -tx1 | tr -d ' \n'; }

# True when the project's own settings are used and nothing of the wrapper but these scripts.
bypass() { ! [ -e "$PROJECT_DIR/ixc_django_docker/wsgi.py" ]; }

# True when the project is older than the template, which was added to it: its requirements are its own.
older() { [ -e "$PROJECT_DIR/ixc_django_docker/requirements.txt" ]; }

# older_celery SCRIPT ARGUMENT…: starts Celery as an older project has it. Versions 3 to 5 take the options in this order.
older_celery() {
    local script="$1"
    shift
    [ -n "${CELERY_APP:-}" ] || fail "$script: CELERY_APP is not set" \
        "name the module of the Celery application in .env.base: CELERY_APP=\"\${CELERY_APP:-${PROJECT_NAME:-project}}\""
    has celery || fail "$script: Celery is not installed" "add it to $REQUIREMENTS_FILE"
    # The application names the project's settings, unless the environment names others.
    bypass || export DJANGO_SETTINGS_MODULE="${DJANGO_SETTINGS_MODULE:-ixc_django_docker.settings}"
    setup-django.sh
    cd "$PROJECT_DIR" || exit 1
    say "$script: running Celery of $CELERY_APP${DOTENV:+ ($DOTENV)}"
    exec celery -A "$CELERY_APP" "$@"
}

# True in the production image, where everything was installed when it was built.
in_image() { [ -e "$PROJECT_DIR/.production-image" ]; }

# need_broker SCRIPT: ends the script when nothing says where Celery's broker is.
need_broker() {
    [ -n "${REDIS_ADDRESS:-}${CELERY_BROKER_URL:-}" ] ||
        fail "$1: no broker: neither REDIS_ADDRESS nor CELERY_BROKER_URL is set, so each task runs in the process that calls it" \
            "set REDIS_ADDRESS='localhost:6379' in .env.local, and start Redis"
    has celery || fail "$1: Celery is not installed" "add celery.py to BASE_SETTINGS, and to requirements.in what it needs"
}

# lines_of FILE: prints the lines of a requirements file as pip joins them, without comments.
lines_of() {
    tr -d '\r' <"$1" | awk '
        /^[ \t]*#/ { print ""; next }
        /\\$/ { sub(/\\$/, " "); printf "%s", $0; next }
        { sub(/[ \t]#.*/, ""); print }
        END { print "" }' | sed 's/^[[:space:]]*//; s/[[:space:]]*$//; /^$/d'
}

# requirements_of FILE: prints what is in FILE and in those that it names with -r, one requirement or option on each line.
requirements_of() {
    local line name reading="${reading:-|}$1|"
    while IFS= read -r line; do
        case "$line" in
            -r* | --requirement*)
                name="$(printf '%s\n' "$line" | sed -E 's/^(-r|--requirement)[[:space:]=]*//')"
                case "$name" in /*) ;; *) name="$(dirname "$1")/$name" ;; esac
                if ! [ -f "$name" ]; then
                    printf '%s\n' "$line"
                else
                    # A file that names itself, by whatever way, ends there.
                    case "$reading" in *"|$name|"*) ;; *) requirements_of "$name" ;; esac
                fi
                ;;
            *) printf '%s\n' "$line" ;;
        esac
    done < <(lines_of "$1")
}

# complete_lock FILE: true when each requirement of FILE is one version, or one address, with the hashes of what may be
# installed. Whether the list lacks something that its packages need, only an installation can tell.
complete_lock() {
    [ -f "$1" ] && requirements_of "$1" | awk '
        /^(-r|-c|-e|--requirement|--constraint|--editable)/ { open = 1 }
        /^-/ { next }
        {
            some = 1
            wanted = $0
            sub(/[ \t]+--.*/, "", wanted); sub(/[ \t]*;.*/, "", wanted); sub(/\[[^]]*\]/, "", wanted)
            if (wanted !~ /^[A-Za-z0-9][A-Za-z0-9._-]*[ \t]*(@|===?[ \t]*[^*,=<>~! \t]+$)/) open = 1
            if ($0 !~ /[ \t]--hash[= ]sha(256|384|512):/) open = 1
        }
        END { exit open || !some }'
}

# names_of FILE: prints the requirements of a list without hashes, addresses and options.
names_of() {
    requirements_of "$1" | sed -E '/^-/d; s/[[:space:]]--[^[:space:]]+([[:space:]]+sha[0-9]+:[0-9a-f]+)?//g
        s/^([A-Za-z0-9._-]+([[:space:]]*\[[^]]*\])?)[[:space:]]*@[[:space:]]*[^[:space:]]+/\1/'
}

# needs_of FILE: prints the requirements of a lock, with the extras that FILE.in wants of them: most tools leave those out of a
# lock, which then looks complete without what they need.
needs_of() {
    local source="${1%.txt}.in"
    {
        if [ "$source" != "$1" ] && [ -f "$source" ]; then
            names_of "$source" | sed -nE 's/^([A-Za-z0-9._-]+)[[:space:]]*(\[[^]]*\])[^;]*$/@ \1 \2/p'
        fi
        names_of "$1"
    } | awk '
        { name = $1 == "@" ? $2 : $0; sub(/[^A-Za-z0-9._-].*/, "", name); key = tolower(name); gsub(/[-_.]+/, "-", key) }
        $1 == "@" { sub(/^[^[]*/, ""); extras[key] = $0; next }
        $0 !~ /^[^;]*\[/ && key in extras { $0 = name extras[key] substr($0, length(name) + 1) }
        { print }'
}

# Lets uv find packages where the environment tells pip to. What is said to uv itself goes first.
uv_as_pip() {
    # Trust what the system trusts, as pip does: a company's own authority for example. An older uv knows the other name.
    export UV_SYSTEM_CERTS="${UV_SYSTEM_CERTS:-true}"
    export UV_NATIVE_TLS="${UV_NATIVE_TLS:-$UV_SYSTEM_CERTS}"
    if [ -z "${UV_DEFAULT_INDEX:-}${UV_INDEX_URL:-}" ] && [ -n "${PIP_INDEX_URL:-}" ]; then export UV_INDEX_URL="$PIP_INDEX_URL"; fi
    if [ -z "${UV_INDEX:-}${UV_EXTRA_INDEX_URL:-}" ] && [ -n "${PIP_EXTRA_INDEX_URL:-}" ]; then
        export UV_EXTRA_INDEX_URL="$PIP_EXTRA_INDEX_URL"
    fi
    if [ -z "${UV_FIND_LINKS:-}" ] && [ -n "${PIP_FIND_LINKS:-}" ]; then
        UV_FIND_LINKS="$(printf '%s' "$PIP_FIND_LINKS" | tr -s '[:space:]' ,)"
        export UV_FIND_LINKS
    fi
    if [ -n "${PIP_CERT:-}" ]; then export SSL_CERT_FILE="${SSL_CERT_FILE:-$PIP_CERT}"; fi
}

# install_debugger PACKAGE: installs it into the virtual environment.
install_debugger() {
    [ -n "${VIRTUAL_ENV:-}" ] || fail "$1 is not installed, and no virtual environment is active" "use ./go.sh, or install it"
    say "installing $1"
    if has uv; then
        uv_as_pip
        uv pip install --quiet --python "$VIRTUAL_ENV/bin/python" "$1" >&2
    else
        "$VIRTUAL_ENV/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$1" >&2
    fi || fail "$1 could not be installed; the message is above"
}

# listens HOST PORT: true when something accepts connections there.
listens() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

if [ -z "${PROJECT_DIR:-}" ]; then
    PROJECT_DIR="$(cd -P "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)"
    export PROJECT_DIR
fi
# Used by the scripts that source this.
# shellcheck disable=SC2034
BIN="$PROJECT_DIR/ixc_django_docker/bin"
