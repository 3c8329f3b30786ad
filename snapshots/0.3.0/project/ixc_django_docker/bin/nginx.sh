#!/usr/bin/env bash
# Serve as a proxy in front of the application server: NGINX_PORT (PORT, 8000) to NGINX_PROXY_PORT (8080) of this machine.
#
# NGINX_BASIC_AUTH=NAME:PASSWORD asks visitors for both, NGINX_MAX_BODY_SIZE (500m) limits uploads, NGINX_TEMPLATE names
# another configuration than etc/nginx.conf.tmpl of the wrapper. Arguments go to nginx; `-t` only checks.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"

# Debian keeps servers where only root looks for programs.
export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
has nginx || fail "nginx is not installed" "brew install nginx, or apt-get install nginx-light; \`gunicorn.sh\` serves without it"
has envsubst || fail "envsubst is not installed, which fills in nginx's configuration" \
    "brew install gettext, or apt-get install gettext-base"

export VAR_DIR="${VAR_DIR:-$PROJECT_DIR/var}" NGINX_PORT="${NGINX_PORT:-${PORT:-8000}}" \
    NGINX_PROXY_PORT="${NGINX_PROXY_PORT:-8080}" NGINX_MAX_BODY_SIZE="${NGINX_MAX_BODY_SIZE:-500m}" NGINX_USER='' NGINX_AUTH=''
NGINX_ADDRESS="$(bind_address)"
export NGINX_ADDRESS
case "$VAR_DIR" in /*) ;; *) VAR_DIR="$PROJECT_DIR/$VAR_DIR" ;; esac
[ "$NGINX_PORT" != "$NGINX_PROXY_PORT" ] ||
    fail "nginx cannot listen on port $NGINX_PORT and pass requests on to it" "give NGINX_PORT and NGINX_PROXY_PORT two values"
folder="$VAR_DIR/run/nginx"
mkdir -p "$folder"
# What root starts would otherwise be served by `nobody`, who cannot read what is in VAR_DIR.
if [ "$(id -u)" = 0 ]; then NGINX_USER="user $(id -un) $(id -gn);"; fi

if [ -n "${NGINX_BASIC_AUTH:-}" ]; then
    case "$NGINX_BASIC_AUTH" in
        ?*:?*) ;;
        *) fail "NGINX_BASIC_AUTH must be NAME:PASSWORD" ;;
    esac
    hash="$(printf '%s\n' "${NGINX_BASIC_AUTH#*:}" | openssl passwd -apr1 -stdin)" ||
        fail "the password of NGINX_BASIC_AUTH could not be hashed" "install openssl"
    # With an umask and under a new name: nobody else can read it at any time.
    rm -f "$folder/htpasswd"
    (umask 077 && printf '%s:%s\n' "${NGINX_BASIC_AUTH%%:*}" "$hash" >"$folder/htpasswd")
    NGINX_AUTH="auth_basic \"Restricted\"; auth_basic_user_file \"$folder/htpasswd\";"
fi

# Only these: nginx has variables of its own.
# shellcheck disable=SC2016
envsubst '$VAR_DIR $NGINX_USER $NGINX_ADDRESS $NGINX_PORT $NGINX_PROXY_PORT $NGINX_MAX_BODY_SIZE $NGINX_AUTH' \
    <"${NGINX_TEMPLATE:-$PROJECT_DIR/ixc_django_docker/etc/nginx.conf.tmpl}" >"$folder/nginx.conf"

say "nginx.sh: serving on http://${SITE_DOMAIN:-localhost}:$NGINX_PORT/ what answers on port $NGINX_PROXY_PORT"
# -e: before it has read its configuration, nginx writes to a file that belongs to root.
exec nginx -e stderr -c "$folder/nginx.conf" "$@"
