#!/usr/bin/env bash
# Decrypt the files that git-secret keeps, with the project's own key and GPG_PASSPHRASE.
#
#   setup-git-secret.sh              decrypt every file that git-secret knows, beside its `.secret`
#   setup-git-secret.sh show FILE    print one in the clear
#   setup-git-secret.sh init         start: make the project's key, protected by GPG_PASSPHRASE
#
# The key is git-secret.key.asc, which is committed: whoever has the passphrase can read the secrets. Without that file
# your own GPG keys are used, as git-secret does by itself.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
case "${2:-}" in '' | /*) ;; *) set -- "$1" "$PWD/$2" ;; esac
cd "$PROJECT_DIR"
KEY=git-secret.key.asc

has gpg || fail "gpg is not installed" "apt-get install gnupg, or brew install gnupg"

# A keyring of its own, gone afterwards: yours stays as it is, whatever version of GPG made it.
ring="$(mktemp -d "${TMPDIR:-/tmp}/gpg.XXXXXX")"
leave() {
    # The agents that gpg starts would stay.
    gpgconf --homedir "$ring" --kill all >/dev/null 2>&1 || true
    if [ -d .gitsecret/keys ]; then gpgconf --homedir "$PWD/.gitsecret/keys" --kill all >/dev/null 2>&1 || true; fi
    rm -rf -- "$ring"
}
trap leave EXIT

gpg_with_passphrase() {
    printf '%s' "${GPG_PASSPHRASE:-}" | gpg --homedir "$ring" --batch --quiet --pinentry-mode loopback --passphrase-fd 0 "$@"
}

# decrypt FILE: prints it.
decrypt() {
    if ! [ -f "$KEY" ]; then
        gpg --batch --quiet --decrypt "$1" || fail "$1 cannot be decrypted with your GPG keys" "ask someone who can: git secret tell YOUR-ADDRESS"
        return
    fi
    if [ -z "${GPG_PASSPHRASE:-}" ] && [ -n "${GPG_PASSPHRASE_FILE:-}" ]; then
        GPG_PASSPHRASE="$(cat "$GPG_PASSPHRASE_FILE")" || fail "GPG_PASSPHRASE_FILE cannot be read"
    fi
    [ -n "${GPG_PASSPHRASE:-}" ] || fail "$1 is encrypted, and GPG_PASSPHRASE is not set" \
        "set it in .env.local or in the environment" "WITHOUT_SECRETS=1 starts without the secrets"
    # gpg encrypts the key anew in its ring, which takes it seconds; this ring is gone in a moment.
    echo 's2k-count 65536' >"$ring/gpg-agent.conf"
    gpg --homedir "$ring" --batch --quiet --import "$KEY" 2>/dev/null || fail "$KEY holds no key that this gpg can read"
    gpg_with_passphrase --decrypt "$1" 2>/dev/null ||
        fail "$1 cannot be decrypted: GPG_PASSPHRASE is wrong, or the file is for another key than $KEY, or damaged" \
            "compare GPG_PASSPHRASE with a colleague's"
}

reveal() {
    local file files
    [ -f .gitsecret/paths/mapping.cfg ] || fail "git-secret keeps no files here" "\`setup-git-secret.sh init\` starts with it"
    files="$(sed 's/:[0-9a-f]*$//' .gitsecret/paths/mapping.cfg)"
    while IFS= read -r file; do
        if [ -z "$file" ]; then continue; fi
        # Whole or not at all, and readable for its owner only.
        (umask 077 && decrypt "./$file.secret" >"./$file.part") || { rm -f -- "$file.part" && exit 1; }
        mv -f -- "./$file.part" "./$file"
        say "setup-git-secret.sh: $file"
    done <<<"$files"
}

init() {
    local address="secrets@${PROJECT_NAME:-project}.invalid"
    has git-secret || fail "git-secret is not installed" "apt-get install git-secret, or brew install git-secret"
    if [ -e .gitsecret ] || [ -e "$KEY" ]; then
        fail "git-secret is set up here already" "\`git secret add FILE && git secret hide\` encrypts a file"
    fi
    [ -z "$(git rev-parse --show-prefix)" ] ||
        fail "git-secret keeps its files at the top of a repository, and this project is in a folder of one" \
            "give the project a repository of its own, or answer \`transcrypt\` (ixd-template upgrade --ask)"
    [ "$(printf '%s' "${GPG_PASSPHRASE:-}" | wc -m)" -ge 20 ] || fail "GPG_PASSPHRASE must have at least 20 characters, since the key is committed" \
        "make one with \`openssl rand -base64 24\` and keep it in .env.local and in your password manager"
    git secret init >&2
    gpg_with_passphrase --quick-generate-key "$address" future-default default never 2>/dev/null
    gpg_with_passphrase --armor --export-secret-keys "$address" >"$KEY"
    # git-secret takes a key from the keyring that GNUPGHOME names.
    GNUPGHOME="$ring" git secret tell "$address" >&2
    # gpg's copy of the keyring from before, which every `git secret tell` makes again: .gitignore names it, too.
    rm -f -- .gitsecret/keys/*~
    say "setup-git-secret.sh: commit $KEY and .gitsecret; \`git secret add .env.production && git secret hide\` encrypts a file"
}

case "${1:-} $#" in
    " 0") reveal ;;
    "init 1") init ;;
    "show 2") decrypt "$2" ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "${BASH_SOURCE[0]}" >&2 && exit 2 ;;
esac
