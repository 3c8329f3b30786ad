#!/bin/bash
# A Docker Engine for the container tests, on machines that have none and no image registry.
#
#   engine.sh up DIR     start it; DIR/env then holds the variables that reach it
#   engine.sh down DIR   stop it and put the network back as it was; safe to repeat
#
# Its programs are Debian packages unpacked into the cache, so nothing is installed for good and no service starts by itself.
set -euo pipefail
# shellcheck source=tests/tools/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# This release's packages need no newer C library than the oldest Debian we test on. Its runc does, hence the machine's own.
SUITE=trixie
PACKAGES=(docker.io containerd docker-cli docker-buildx docker-compose tini)

unpack() { unpack_packages engine "$SUITE" "${PACKAGES[@]}"; }

# All containers and builds are one group of the engine's, which has as much of a busy machine as a single process beside it,
# and builds then take half an hour. It gets the share of so many processes.
fair_share() {
    local group
    for group in /sys/fs/cgroup/cpu/docker /sys/fs/cgroup/cpu,cpuacct/docker; do
        if [ -d "${group%/*}" ] && mkdir -p "$group" 2>/dev/null; then echo 8192 >"$group/cpu.shares" || true; fi
    done
}

bridges() { ip -o link show type bridge | awk -F': ' '{print $2}'; }

# The rules as they are. A table that nobody has used yet is not printed by iptables-save, and could then not be put
# back: it is written down as empty.
rules() {
    local table chain now
    now=$(iptables-save)
    printf '%s\n' "$now"
    for table in filter:INPUT:FORWARD:OUTPUT nat:PREROUTING:INPUT:OUTPUT:POSTROUTING; do
        grep -qx "\*${table%%:*}" <<<"$now" && continue
        echo "*${table%%:*}"
        tr : '\n' <<<"${table#*:}" | while read -r chain; do echo ":$chain ACCEPT [0:0]"; done
        echo COMMIT
    done
}

up() {
    local dir=$1 root missing=()
    [ "$(id -u)" = 0 ] || die "starting a Docker Engine needs root" \
        "start your own Docker Engine (then it is used), or run the tests as root"
    local program
    for program in iptables ip runc dpkg; do have "$program" || missing+=("$program"); done
    [ ${#missing[@]} = 0 ] || die "missing programs: ${missing[*]}" "apt-get install iptables iproute2 runc"
    root=$(unpack)
    # What an earlier run left would be taken for images that are complete.
    down "$dir"
    mkdir -p "$dir"/{data,run,cfg/cli-plugins}
    own_disk "$dir/disk" "$dir/data"
    rules >"$dir/iptables.before"
    bridges >"$dir/bridges.before"
    cat /proc/sys/net/ipv4/ip_forward >"$dir/forward.before"
    ln -sf "$root"/usr/libexec/docker/cli-plugins/* "$dir/cfg/cli-plugins/"
    cat >"$dir/env" <<EOF
PATH=$root/usr/sbin:$root/usr/bin:$PATH
DOCKER_HOST=unix://$dir/run/docker.sock
DOCKER_CONFIG=$dir/cfg
EOF
    set -a
    # shellcheck disable=SC1091
    . "$dir/env"
    set +a
    fair_share
    # Containers keep the engine's limits; a session of its own keeps Ctrl-C for the tests, which then stop it in order.
    setsid dockerd -H "$DOCKER_HOST" --data-root "$dir/data" --exec-root "$dir/run/exec" -p "$dir/run/dockerd.pid" \
        >"$dir/dockerd.log" 2>&1 </dev/null &
    local pid=$!
    for _ in $(seq 120); do
        if docker version >/dev/null 2>&1; then
            say "engine: Docker $(docker version --format '{{.Server.Version}}')" \
                "with Compose $(docker compose version --short), storage $(docker info --format '{{.Driver}}')"
            return
        fi
        kill -0 "$pid" 2>/dev/null || break
        sleep .5
    done
    tail -n 20 "$dir/dockerd.log" >&2
    down "$dir"
    die "the Docker Engine did not start (its last words are above)" \
        "this machine may forbid nested containers: use one that allows mounts, cgroups and iptables for root"
}

down() {
    local dir=$1 pid bridge
    [ -d "$dir" ] || return 0
    if [ -s "$dir/run/dockerd.pid" ]; then
        pid=$(cat "$dir/run/dockerd.pid")
        kill "$pid" 2>/dev/null || true
        for _ in $(seq 80); do
            kill -0 "$pid" 2>/dev/null || break
            sleep .25
        done
        kill -9 "$pid" 2>/dev/null || true
    fi
    if [ -e "$dir/bridges.before" ]; then
        for bridge in $(bridges | grep -vxF -f "$dir/bridges.before" | grep -E '^(docker0|br-[0-9a-f]{12})$' || true); do
            ip link del "$bridge" || true
        done
        iptables-restore <"$dir/iptables.before"
        cat "$dir/forward.before" >/proc/sys/net/ipv4/ip_forward
    fi
    unmount_below "$dir"
    rm -rf --one-file-system "$dir"
}

case "${1:-}" in
    up | down)
        [ $# = 2 ] || die "usage: engine.sh up|down DIR"
        "$1" "$2"
        ;;
    unpack) unpack ;;
    *) die "usage: engine.sh up|down DIR" ;;
esac
