# Shared by the test scripts; sourced, not run.
# shellcheck shell=bash

# Where downloads and built tools live. Everything in it can be deleted and is made again.
IXD_CACHE=${IXD_CACHE:-${XDG_CACHE_HOME:-${HOME:-/tmp}/.cache}/ixd-template}
export IXD_CACHE

say() { printf '%s\n' "$*" >&2; }

# Ends the script with what happened, and what to do next when a second argument is given.
die() {
    say "error: $1"
    [ $# -lt 2 ] || say "hint: $2"
    exit 1
}

have() { command -v "$1" >/dev/null 2>&1; }

# Runs a command up to 4 times, waiting longer each time: mirrors and package registries have bad moments.
retry() {
    local wait=2
    for _ in 1 2 3; do
        "$@" && return 0
        say "failed, trying again in ${wait} s: $*"
        sleep "$wait"
        wait=$((wait * 3))
    done
    "$@"
}

# Runs a command as root: directly, or through sudo when that works without a password. Otherwise fails.
as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif have sudo && sudo -n true 2>/dev/null; then
        sudo -n -- "$@"
    else
        return 1
    fi
}

can_be_root() { as_root true 2>/dev/null; }

# The Debian mirror this machine itself uses: no address is written down in this repository.
debian_mirror() {
    # shellcheck disable=SC2016 # apt expands these
    apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' |
        awk '$2 !~ /-/ {print $1; exit}'
}

# The certificates every client is given: the machine's bundle, which may hold authorities of a company or a laboratory.
ca_bundle() {
    local file
    for file in "${SSL_CERT_FILE:-}" /etc/ssl/certs/ca-certificates.crt; do
        if [ -n "$file" ] && [ -r "$file" ]; then
            printf '%s\n' "$file"
            return
        fi
    done
}

# Gives the empty folder $2 a file system of its own in the file $1, where the machine allows that. All in it is then gone
# in a moment, instead of file by file: that takes minutes on some disks.
own_disk() {
    [ "$(id -u)" = 0 ] && have mkfs.ext4 || return 0
    truncate -s 40G "$1"
    if ! { mkfs.ext4 -q -F -O ^has_journal "$1" && mount -o loop,noatime "$1" "$2"; } 2>/dev/null; then
        rm -f "$1"
    fi
}

# Takes away what is mounted below a folder, so that its removal does not reach into it.
unmount_below() {
    awk -v dir="$1/" 'index($5, dir) == 1 {print $5}' /proc/self/mountinfo | sort -r | while read -r mount; do
        umount "$mount" 2>/dev/null || umount -l "$mount" || true
    done
}

# Unpacks packages of a Debian release into the cache, once, without installing them; prints the folder:
# unpack_packages NAME SUITE PACKAGE...
unpack_packages() (
    local root="$IXD_CACHE/$1-$2" suite=$2 work mirror deb
    shift 2
    # Tests run side by side; the lock ends with this subshell.
    mkdir -p "$IXD_CACHE"
    exec 9>"$root.lock"
    flock 9
    if [ -e "$root/.complete" ]; then
        printf '%s\n' "$root"
        return
    fi
    mirror=$(debian_mirror)
    [ -n "$mirror" ] || die "apt names no Debian mirror on this machine" "run \`apt-get update\` and try again"
    rm -rf "$root"
    mkdir -p "$root"
    work=$(mktemp -d)
    mkdir -p "$work"/{lists/partial,cache/archives/partial,deb}
    : >"$work/status"
    echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $mirror $suite main" >"$work/sources.list"
    # As if nothing were installed here: a version of this machine has no say.
    local apt=(apt-get -qq -o "Dir::Etc::SourceList=$work/sources.list" -o Dir::Etc::SourceParts=/dev/null
        -o "Dir::State::Lists=$work/lists" -o "Dir::State::status=$work/status" -o "Dir::Cache=$work/cache"
        -o APT::Sandbox::User=root)
    retry "${apt[@]}" update >&2
    (cd "$work/deb" && retry "${apt[@]}" download "$@" >&2)
    for deb in "$work"/deb/*.deb; do dpkg -x "$deb" "$root"; done
    rm -rf "$work"
    touch "$root/.complete"
    printf '%s\n' "$root"
)

# Names in TOOLS a virtual environment with the test tools, made again when their list or Python changes; run from the
# repository's root.
python_tools() {
    local key venv
    key=$({ cat tests/tools/requirements.txt; python3 --version; } | sha256sum | cut -c1-12)
    venv=$IXD_CACHE/tools-$key
    if [ ! -e "$venv/.complete" ]; then
        mkdir -p "$IXD_CACHE"
        # Another run may still use a recent one.
        find "$IXD_CACHE" -maxdepth 1 -name 'tools-*' -mtime +7 -exec rm -rf {} +
        # uv is one of them, and takes seconds for what takes pip a minute; where it finds no index, pip may.
        if ! { python3 -m venv "$venv" &&
            retry "$venv/bin/pip" install --quiet --disable-pip-version-check "$(grep '^uv==' tests/tools/requirements.txt)" &&
            { VIRTUAL_ENV=$venv "$venv/bin/uv" pip install --quiet -r tests/tools/requirements.txt ||
                retry "$venv/bin/pip" install --quiet --disable-pip-version-check -r tests/tools/requirements.txt; }; }; then
            say "error: the Python tools of tests/tools/requirements.txt could not be installed"
            return 1
        fi
        touch "$venv/.complete"
    fi
    # shellcheck disable=SC2034 # those who source this file use it
    TOOLS=$venv
}
