#!/usr/bin/env bash
# Read encrypted files with openssl alone, and find those that git would commit in the clear.
#
#   secrets.sh show FILE    print a secret file in the clear, however it is encrypted
#   secrets.sh check        check that every secret file is encrypted as git would commit it
#   secrets.sh clean PATH, smudge PATH, textconv FILE, merge BASE OURS THEIRS PATH
#                           what git calls in a dev container, which has no `ixd-template`
#
# The format is transcrypt's. The password is TRANSCRYPT_PASSWORD, or else the one that git keeps for this clone; it is
# never an argument, which others could see. `transcrypt` and `ixd-template secrets` also set git up to encrypt.
# Where the project is a folder of a repository, and git is not there to tell, SECRETS_PREFIX names it: `sites/shop/`. In an
# image of docker-build.sh the file .secrets-prefix does.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
# Bytes, not letters.
export LC_ALL=C

# from_hex DIGITS: prints the bytes.
from_hex() {
    local hex="$1" escaped=""
    while [ -n "$hex" ]; do
        escaped="$escaped\\x${hex:0:2}"
        hex="${hex:2}"
    done
    printf '%b' "$escaped"
}

in_git() { has git && git -C "$PROJECT_DIR" rev-parse --is-inside-work-tree >/dev/null 2>&1; }

# need_password FILE: exports the password, so that openssl can read it from its environment.
need_password() {
    has openssl || fail "openssl is not installed, and $1 is encrypted" "apt-get install openssl, or brew install openssl"
    if [ -z "${TRANSCRYPT_PASSWORD:-}" ] && [ -n "${TRANSCRYPT_PASSWORD_FILE:-}" ]; then
        TRANSCRYPT_PASSWORD="$(cat "$TRANSCRYPT_PASSWORD_FILE")" || fail "TRANSCRYPT_PASSWORD_FILE cannot be read"
    fi
    if [ -z "${TRANSCRYPT_PASSWORD:-}" ] && in_git; then
        TRANSCRYPT_PASSWORD="$(git -C "$PROJECT_DIR" config transcrypt.password || true)"
    fi
    [ -n "${TRANSCRYPT_PASSWORD:-}" ] || fail "$1 is encrypted, and its password is not known here" \
        "set TRANSCRYPT_PASSWORD in .env.local or in the environment; a colleague finds it with \`git config transcrypt.password\`" \
        "WITHOUT_SECRETS=1 starts without the secrets"
    export TRANSCRYPT_PASSWORD
}

sha256() { openssl dgst -sha256 -binary | to_hex; }

# mac PATH <PLAIN: prints HMAC-SHA256 under the key PATH:PASSWORD. openssl itself takes a key as an argument only.
mac() {
    local key inner="" outer="" index
    key="$(printf '%s' "$1:$TRANSCRYPT_PASSWORD" | to_hex)"
    if [ ${#key} -gt 128 ]; then key="$(from_hex "$key" | sha256)"; fi
    while [ ${#key} -lt 128 ]; do key="${key}00"; done
    for ((index = 0; index < 128; index += 2)); do
        inner="$inner$(printf '%02x' $((0x${key:index:2} ^ 0x36)))"
        outer="$outer$(printf '%02x' $((0x${key:index:2} ^ 0x5c)))"
    done
    inner="$({ from_hex "$inner" && cat; } | sha256)"
    from_hex "$outer$inner" | sha256
}

# decrypt FILE PATH: prints FILE in the clear, which the repository calls PATH. Its salt is the end of its MAC.
decrypt() {
    local salt found
    local wrong="the password is wrong, or the file was damaged, tampered with or renamed"
    local hint="compare TRANSCRYPT_PASSWORD with a colleague's"
    local renamed="after a mere renaming: \`git add --renormalize $2\`, then commit it"
    need_password "$2"
    plain() { openssl enc -d -aes-256-cbc -md md5 -a -pass env:TRANSCRYPT_PASSWORD -in "$1" 2>/dev/null; }
    plain "$1" >/dev/null || fail "$2 cannot be decrypted: $wrong" "$hint"
    salt="$(head -n 1 "$1" | openssl base64 -d | to_hex)"
    salt="${salt:16:16}"
    found="$(plain "$1" | mac "$2")"
    # Before version 2 transcrypt took 15 digits and a zero.
    if [ "$salt" != "${found: -16}" ] && [ "$salt" != "${found: -15}0" ]; then
        fail "$2 is not what was encrypted: $wrong" "$hint" "$renamed"
    fi
    plain "$1"
}

# clean PATH <plain: prints it encrypted; what is so already stays. PATH is the file as the repository calls it.
clean() {
    local text salt header=1
    # In a variable, since it may not be written to a disk; as base64, since it may hold any byte.
    text="$(openssl base64 -A)"
    # Who reads its beginning only closes it early.
    stdin() { printf '%s' "$text" | openssl base64 -d -A 2>/dev/null; }
    case "$(stdin | head -c 8 | to_hex)" in
        '' | 553246736447566b) stdin && return ;;
    esac
    need_password "$1"
    salt="$(stdin | mac "$1")"
    salt="${salt: -16}"
    # Programs before OpenSSL 3 write the header themselves.
    case "$(openssl version)" in "OpenSSL "[01].* | LibreSSL*) header=17 ;; esac
    {
        printf 'Salted__' && from_hex "$salt"
        stdin | openssl enc -e -aes-256-cbc -md md5 -pass env:TRANSCRYPT_PASSWORD -S "$salt" 2>/dev/null | tail -c "+$header"
    } | openssl base64
}

# smudge PATH <encrypted: prints it in the clear. What cannot be decrypted passes: a checkout must not fail.
smudge() {
    local file
    file="$(mktemp)"
    cat >"$file"
    case "$(secret_kind "$file")" in
        crypt) (decrypt "$file" "$1") || { say "$1: left encrypted" && cat "$file"; } ;;
        *) cat "$file" ;;
    esac
    rm -f "$file"
}

# textconv FILE: for `git diff`, which gives the file under a name of its own.
textconv() {
    local text
    case "$(secret_kind "$1")" in
        crypt)
            text="$(need_password "$1" && openssl enc -d -aes-256-cbc -md md5 -a -pass env:TRANSCRYPT_PASSWORD -in "$1" 2>/dev/null |
                openssl base64 -A)" && printf '%s' "$text" | openssl base64 -d -A && return ;;
    esac
    cat "$1"
}

# decrypted FILE PATH: prints it in the clear, whichever it is.
decrypted() {
    if [ "$(secret_kind "$1")" = crypt ]; then (decrypt "$1" "$2"); else cat "$1"; fi
}

# merge BASE OURS THEIRS PATH: merges the plain texts and writes the result, encrypted, over OURS; 1 for a conflict.
merge() {
    local folder status=0
    folder="$(umask 077 && mktemp -d)"
    if decrypted "$1" "$4" >"$folder/base" && decrypted "$2" "$4" >"$folder/ours" && decrypted "$3" "$4" >"$folder/theirs"; then
        git merge-file --quiet -L ours -L base -L theirs "$folder/ours" "$folder/base" "$folder/theirs" || status=1
        clean "$4" <"$folder/ours" >"$2"
    else
        status=1
    fi
    rm -rf -- "$folder"
    return "$status"
}

# The file as the repository calls it.
path_of() {
    local folder project
    project="$(cd -P "$PROJECT_DIR" && pwd)"
    folder="$(cd -P "$(dirname "$1")" && pwd)/"
    if [ -z "${SECRETS_PREFIX:-}" ] && in_git; then SECRETS_PREFIX="$(git -C "$PROJECT_DIR" rev-parse --show-prefix)"; fi
    if [ -z "${SECRETS_PREFIX:-}" ] && [ -f "$PROJECT_DIR/.secrets-prefix" ]; then SECRETS_PREFIX="$(cat "$PROJECT_DIR/.secrets-prefix")"; fi
    printf '%s' "${SECRETS_PREFIX:-}${folder#"$project/"}$(basename "$1")"
}

show() {
    [ -r "$1" ] || fail "$1 is not there, or not readable"
    case "$(secret_kind "$1")" in
        crypt) decrypt "$1" "$(path_of "$1")" ;;
        gpg) "$BIN/setup-git-secret.sh" show "$1" ;;
        headerless) fail "$1 is lost: its salt is missing, so that nobody can decrypt it (old transcrypt versions did that)" \
            "restore it from a disk where it is still plain, or write it anew" ;;
        *) cat "$1" ;;
    esac
}

# verdict FILE NAME: says what is wrong with the content in FILE; counts faults.
verdict() {
    case "$(secret_kind "$1")" in
        plain) faults=$((faults + 1)) && say "✗ $2: git would commit it in the clear" ;;
        headerless) faults=$((faults + 1)) && say "✗ $2: its salt is missing, so that nobody can decrypt it" ;;
        *) say "✓ $2" ;;
    esac
}

# What git would commit; where git is not installed, as on build servers, what it checked out.
check() {
    local file blob faults=0
    cd "$PROJECT_DIR"
    if in_git; then
        blob="$(mktemp)"
        while IFS= read -r -d '' file; do
            git cat-file blob ":./$file" >"$blob"
            verdict "$blob" "$file"
        done < <(git ls-files -z -- '*.secret*')
        rm -f "$blob"
    elif has git; then
        fail "there is no git repository here"
    else
        while IFS= read -r -d '' file; do
            verdict "$file" "${file#./}"
        done < <(find . \( -name .git -o -name node_modules -o -name var \) -prune -o -type f -name '*.secret*' -print0)
    fi
    [ "$faults" = 0 ] || fail "secret files are not as they should be: $faults" \
        "set git up (\`ixd-template secrets init\`), then \`git rm --cached\` the file and add it again" \
        "whoever has a commit with it can read it: change the secrets themselves, too"
}

# Behind `--` comes what git calls a file, whatever it looks like.
if [ "${2:-}" = -- ]; then set -- "$1" "${@:3}"; fi
# A file in this folder that head and cat would take for an option. Git's own names for it stay as they are.
case "${1:-} ${2:-}" in "show -"* | "textconv -"*) set -- "$1" "./$2" "${@:3}" ;; esac
case "${1:-} $#" in
    "show 2") show "$2" ;;
    "check 1") check ;;
    "clean 2") clean "$2" ;;
    "smudge 2") smudge "$2" ;;
    "textconv 2") textconv "$2" ;;
    "merge 5") merge "$2" "$3" "$4" "$5" ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
