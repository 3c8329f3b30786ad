#!/usr/bin/env bash
# Build an image from the last commit, with its encrypted secrets; arguments go to `docker build`.
#
# `docker build .` leaves secret files out, because on your disk they are plain. In a commit they are encrypted, so this
# image needs nothing but TRANSCRYPT_PASSWORD or GPG_PASSPHRASE to read them.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

has docker || fail "docker is not installed"
git rev-parse --verify --quiet HEAD >/dev/null || fail "there is no commit to build from" "commit first"
if [ -n "$(git status --porcelain -- .)" ]; then say "docker-build.sh: what is not committed is not in the image"; fi

context="$(mktemp -d)"
trap 'rm -rf -- "$context"' EXIT
# As committed: git would decrypt the files on the way.
git -c filter.crypt.smudge=cat -c filter.crypt.required=false archive HEAD | tar -x -C "$context"
ignored=.dockerignore
if [ -e "$context/Dockerfile.ixc" ]; then # The project has Docker files of its own beside these.
    ignored=Dockerfile.ixc.dockerignore
    set -- -f "$context/Dockerfile.ixc" "$@"
fi
sed '/\.secret\*$/d' "$context/$ignored" >"$context/ignored.new"
mv "$context/ignored.new" "$context/$ignored"
while IFS= read -r file; do
    case "$(secret_kind "$file")" in
        plain | headerless) fail "${file#"$context/"} is committed without being encrypted" "\`secrets.sh check\` says more" ;;
    esac
done < <(find "$context" -type f -name '*.secret*')

# Where the project is a folder of a repository: a file is encrypted under the path that it has there.
prefix="$(git rev-parse --show-prefix)"
[ -z "$prefix" ] || printf '%s\n' "$prefix" >"$context/.secrets-prefix"

docker build --build-arg PROJECT_COMMIT="$(git rev-parse HEAD)" "$@" "$context"
