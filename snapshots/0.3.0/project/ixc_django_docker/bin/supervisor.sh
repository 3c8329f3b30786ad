#!/usr/bin/env bash
# Run several scripts of the project in one place and start those again that end: by default nginx with gunicorn behind it.
#
# SUPERVISORD_PROGRAM names them without `.sh`: `gunicorn` (default), `gunicorn celery celerybeat`, `celery`… nginx comes
# along with gunicorn and runserver, which then listen on NGINX_PROXY_PORT (8080). Sections of your own are read from
# etc/supervisor/*.conf of the project. With arguments: `supervisor.sh status`, `supervisor.sh restart gunicorn`…
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

has supervisord || fail "supervisord is not installed" "add \`supervisor~=4.3\` to requirements.in and lock again: ixc_django_docker/README.md, \"Requirements\""

export VAR_DIR="${VAR_DIR:-$PROJECT_DIR/var}"
case "$VAR_DIR" in /*) ;; *) VAR_DIR="$PROJECT_DIR/$VAR_DIR" ;; esac
export SUPERVISORD_DIR="$VAR_DIR/run/supervisor" NGINX_PROXY_PORT="${NGINX_PROXY_PORT:-8080}"
export SUPERVISORD_SOCKET="$SUPERVISORD_DIR/supervisor.sock"
# The name of a socket has about 100 characters at most, and supervisord appends its process number first.
if [ ${#SUPERVISORD_SOCKET} -gt 90 ]; then
    SUPERVISORD_SOCKET="/tmp/supervisor-$(id -u)-$(printf '%s' "$SUPERVISORD_DIR" | cksum | tr -dc '0-9').sock"
fi
configuration="$SUPERVISORD_DIR/supervisord.conf"

if [ $# -gt 0 ]; then
    [ -e "$configuration" ] || fail "supervisor.sh is not running here" "start it without arguments first"
    exec supervisorctl --configuration "$configuration" "$@"
fi

# section PROGRAM PRIORITY SIGNAL SECONDS [SETTING]: what is stopped first has the highest priority.
section() {
    cat <<SECTION

[program:$1]
command=$1.sh
priority=$2
stopsignal=$3
stopwaitsecs=$4
killasgroup=true
autorestart=true
startsecs=3
startretries=10
stdout_logfile=/dev/fd/1
stdout_logfile_maxbytes=0
stderr_logfile=/dev/fd/2
stderr_logfile_maxbytes=0
${5:-}
SECTION
}

mkdir -p "$SUPERVISORD_DIR"
{
    cat "$PROJECT_DIR/ixc_django_docker/etc/supervisord.conf"
    for program in ${SUPERVISORD_PROGRAM:-gunicorn}; do
        has "$program.sh" || fail "SUPERVISORD_PROGRAM names $program, but there is no command $program.sh" "\`help.sh\` lists them"
        case "$program" in
            nginx) ;; # comes with what it is for, below
            gunicorn | runserver)
                section nginx 900 QUIT 40
                section "$program" 500 TERM 40 "environment=BIND_ADDRESS=\"127.0.0.1\",PORT=\"$NGINX_PROXY_PORT\""
                ;;
            *) section "$program" 500 TERM 60 ;;
        esac
    done
    for file in etc/supervisor/*.conf; do
        if [ -f "$file" ]; then printf '\n' && cat "$file"; fi
    done
} >"$configuration.new"
mv "$configuration.new" "$configuration"

say "supervisor.sh: running ${SUPERVISORD_PROGRAM:-gunicorn}"
exec supervisord --configuration "$configuration"
