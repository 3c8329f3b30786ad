#!/bin/bash
# Base images for the container tests, made from Debian packages where no image registry can be reached.
#
#   images.sh NAME:TAG...   make each in the engine that the environment names
#
# The folders of images/ are built where Dockerfiles are needed. A stand-in keeps the official image's contract as far as our Dockerfile and compose file use it: paths, users, variables,
# command. What differs is said on stderr, so that a green run never claims more than it saw.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/tools/lib.sh
. "$HERE/lib.sh"
SUITE=trixie
# The Python images' Debian. A later one has a later Python, at the price of a system that still moves: for tries by hand.
PYTHON_SUITE=${IXD_PYTHON_SUITE:-$SUITE}

# Prints the path of a root file system with the given packages, made once per recipe:
# rootfs SUITE NAME "PACKAGES" [HOOK]...
rootfs() {
    local suite=$1 name=$2 packages=$3 ca tar key mirror
    shift 3
    ca=$(ca_bundle)
    key=$({ printf '%s\n' "$packages" "$@"; cat "$ca" || true; } 2>/dev/null | sha256sum | cut -c1-12)
    tar="$IXD_CACHE/images/$name-$suite-$key.tar"
    if [ ! -e "$tar" ]; then
        have mmdebstrap || die "mmdebstrap is missing" "apt-get install mmdebstrap"
        mirror=$(debian_mirror)
        [ -n "$mirror" ] || die "apt names no Debian mirror on this machine" "run \`apt-get update\` and try again"
        mkdir -p "$IXD_CACHE/images"
        rm -f "$IXD_CACHE/images/$name-$suite-"*
        local hooks=() hook
        for hook in "$@"; do hooks+=("--customize-hook=$hook"); done
        # The bundle and its sources: reinstalling ca-certificates inside a build makes the bundle anew.
        [ -z "$ca" ] || hooks+=("--customize-hook=install -D -m 644 '$ca' \"\$1\"/etc/ssl/certs/ca-certificates.crt")
        [ ! -d /usr/local/share/ca-certificates ] ||
            hooks+=("--customize-hook=cp -r /usr/local/share/ca-certificates \"\$1\"/usr/local/share/")
        # A mirror may be a copy of some weeks ago, whose lists a moving release has let expire.
        retry mmdebstrap --quiet --variant=minbase --include="$packages" \
            --aptopt='Apt::Install-Recommends "false"' --dpkgopt='path-exclude=/usr/share/man/*' \
            --dpkgopt='path-exclude=/usr/share/doc/*' --aptopt='Acquire::Check-Valid-Until "false"' --dpkgopt='path-exclude=/usr/share/locale/*' \
            "${hooks[@]}" "$suite" "$IXD_CACHE/images/part.tar" "$mirror" >&2
        mv "$IXD_CACHE/images/part.tar" "$tar"
    fi
    printf '%s\n' "$tar"
}

CLIENTS=(-c 'ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin')
for name in PIP_CERT SSL_CERT_FILE REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
    CLIENTS+=(-c "ENV $name=/etc/ssl/certs/ca-certificates.crt")
done

# The base of postgres, redis and haproxy, imported once per engine.
services() {
    docker image inspect ixd-services >/dev/null 2>&1 ||
        docker import "${CLIENTS[@]}" \
            "$(rootfs "$SUITE" services postgresql,redis-server,haproxy,wget,ca-certificates)" ixd-services >/dev/null
}

# The base of the Python and Node images. As in Debian's official ones, dpkg does not wait for the disk after each file.
base() {
    # shellcheck disable=SC2016 # the hooks' shell expands $1
    docker image inspect ixd-base >/dev/null 2>&1 ||
        docker import "${CLIENTS[@]}" "$(
            rootfs "$PYTHON_SUITE" python python3,python3-venv,python3-pip,ca-certificates \
                'rm -f "$1"/usr/lib/python3*/EXTERNALLY-MANAGED' \
                'echo force-unsafe-io >"$1"/etc/dpkg/dpkg.cfg.d/docker-apt-speedup' \
                'for n in python python3; do ln -sf /usr/bin/python3 "$1"/usr/local/bin/$n; done; ln -sf /usr/bin/pip3 "$1"/usr/local/bin/pip'
        )" ixd-base >/dev/null
}

# Pythons that only an older Debian has, and 2.7 with the pip and the setuptools that were its last.
make_old_python() {
    local tag=$1 minor=${1#python:} wheels=$IXD_CACHE/images/wheels-2.7
    minor=${minor%%-*}
    if [ ! -e "$wheels/.complete" ]; then
        retry pip download --quiet --no-deps --dest "$wheels" pip==20.3.4 setuptools==44.1.1 wheel==0.37.1 >&2
        touch "$wheels/.complete"
    fi
    # shellcheck disable=SC2016 # the hooks' shell expands $1
    docker image inspect ixd-old >/dev/null 2>&1 ||
        docker import "${CLIENTS[@]}" "$(
            rootfs bullseye old-python python2.7,python3.9,python3.9-venv,python3-pip,ca-certificates,openssl \
                'mkdir "$1"/opt/wheels && cp '"'$wheels'"'/*.whl "$1"/opt/wheels/'
        )" ixd-old >/dev/null
    build old-python "$tag" --build-arg "PYTHON=$minor"
    say "stand-in: $tag is Debian bullseye's $(docker run --rm --network none "$tag" python -c 'import sys; print("Python " + sys.version.split()[0])')"
}

# The Python itself that the image asks for, where pyenv has it.
make_pyenv_python() {
    local tag=$1 minor=$2 own=$3 work=$IXD_CACHE/images/pyenv-$2
    mkdir -p "$work"
    tar -C "$own" --exclude site-packages --exclude __pycache__ --exclude test --exclude tests --exclude '*.a' -cf "$work/python.tar" bin include lib
    cp "$HERE/images/pyenv/Dockerfile" "$work/Dockerfile"
    base
    DOCKER_BUILDKIT=1 docker build --quiet --network none --build-arg "MINOR=$minor" -t "$tag" "$work" >/dev/null
    rm -rf "$work"
    say "stand-in: $tag is pyenv's $(docker run --rm --network none "$tag" python --version 2>&1) on Debian $PYTHON_SUITE"
}

make_python() {
    local version minor=${1#python:} own
    minor=${minor%%-*}
    # For tries of real projects, each of which wants its own.
    own=$(find "${PYENV_ROOT:-$HOME/.pyenv}/versions" -maxdepth 1 -name "$minor.*" 2>/dev/null | sort -V | tail -n 1)
    if [ -n "${IXD_PYENV:-}" ] && [ -n "$own" ]; then
        make_pyenv_python "$1" "$minor" "$own"
        return
    fi
    base
    build python "$1"
    version=$(docker run --rm --network none "$1" python3 -c 'import sys; print("%d.%d" % sys.version_info[:2])')
    say "stand-in: $1 is Debian $PYTHON_SUITE's Python $version"
    case "$1" in
        python:"$version"[.-]*) ;;
        *) say "note: the image asked for another Python than the stand-in has" ;;
    esac
}

# Node.js itself, as its makers build it: the package registry has their programs too.
make_node() {
    local major=${1#node:} platform=x64 work=$IXD_CACHE/images/node
    major=${major%%[!0-9]*}
    [ "$(uname -m)" != aarch64 ] || platform=arm64
    have npm || die "npm is missing, which fetches Node.js for the image" "install Node.js with npm"
    work=$work-$major
    if [ ! -e "$work/.complete" ]; then
        rm -rf "$work"
        mkdir -p "$work/npm"
        (
            cd "$work"
            retry npm pack --silent "node-linux-$platform@$major" npm@11 >&2
            tar xzf "node-linux-$platform-"*.tgz --strip-components=2 package/bin/node
            tar xzf npm-*.tgz --strip-components=1 -C npm
            rm -f ./*.tgz
        )
        touch "$work/.complete"
    fi
    cp "$HERE/images/node/Dockerfile" "$work/Dockerfile"
    base
    DOCKER_BUILDKIT=1 docker build --quiet --network none -t "$1" "$work" >/dev/null
    say "stand-in: $1 is Node.js $(docker run --rm --network none "$1" node --version) with npm" \
        "$(docker run --rm --network none "$1" npm --version) on Debian $PYTHON_SUITE"
}

# Builds the folder images/NAME, which states the contract: build NAME TAG [ARGUMENT]...
build() {
    local name=$1 tag=$2
    shift 2
    DOCKER_BUILDKIT=1 docker build --quiet --network none -t "$tag" "$@" "$HERE/images/$name" >/dev/null
}

make_service() {
    local name=$1 tag=$2 version=$3 arguments=()
    services
    # Since 18 the official image keeps each major version's data in a folder of its own.
    case "$tag" in
        postgres:1[89]*)
            local major=${tag#postgres:}
            arguments=(--build-arg "PGDATA=/var/lib/postgresql/${major%%[!0-9]*}/docker" --build-arg VOLUME=/var/lib/postgresql)
            ;;
    esac
    build "$name" "$tag" "${arguments[@]}"
    say "stand-in: $tag is Debian $SUITE's $(docker run --rm --network none --entrypoint sh "$tag" -c "$version" | head -n 1)"
}

make_mariadb() {
    docker image inspect ixd-mariadb >/dev/null 2>&1 ||
        docker import "${CLIENTS[@]}" "$(rootfs "$SUITE" mariadb mariadb-server,mariadb-client,ca-certificates)" ixd-mariadb >/dev/null
    build mariadb "$1"
    say "stand-in: $1 is Debian $SUITE's $(docker run --rm --network none --entrypoint mariadbd "$1" --version)"
}

for tag in "$@"; do
    case "$tag" in
        mariadb:*) make_mariadb "$tag" ;;
        python:2.7-* | python:3.9-*) if [ -n "${IXD_PYENV:-}" ]; then make_python "$tag"; else make_old_python "$tag"; fi ;;
        python:*) make_python "$tag" ;;
        node:*) make_node "$tag" ;;
        postgres:*) make_service postgres "$tag" 'postgres --version' ;;
        redis:*) make_service redis "$tag" 'redis-server --version' ;;
        haproxy:*) make_service haproxy "$tag" 'haproxy -v' ;;
        *) die "no stand-in for the image $tag" "add one to tests/tools/images.sh" ;;
    esac
done
