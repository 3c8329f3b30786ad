#!/usr/bin/env bash
# Install the Python packages of $REQUIREMENTS_FILE (default: requirements.txt) when it changed.
#
# `--check` only tells, by its exit code, whether nothing is to be done. `--system` installs that one file into the `python` on
# PATH, with its pip, and notes nothing: for images and build servers.
#
# A file that is a complete lock (each requirement one version with hashes) is installed exactly as it stands, whatever an
# index has got since: nothing is resolved, and afterwards everything that its packages need must be there.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/functions.sh"
cd "$PROJECT_DIR"

if in_image; then exit; fi

file="${REQUIREMENTS_FILE:-requirements.txt}"
if [ "${1:-}" = --system ]; then
    python="$(command -v python || command -v python3)" || fail "pip-install.sh: there is no python on PATH"
elif [ -n "${VIRTUAL_ENV:-}" ]; then
    python="$VIRTUAL_ENV/bin/python"
else
    [ "${1:-}" != --check ] || exit 1
    say "pip-install.sh: no virtual environment is active, so nothing was installed; ./go.sh makes one"
    exit
fi
[ -e "$file" ] || fail "there is no $file" "lock the requirements: ixc_django_docker/README.md, \"Requirements\""

# The mark lives with what it is about: without the virtual environment it is gone too.
mark="${VIRTUAL_ENV:-}/.pip-install.sh"
# An older project keeps its requirements as they are; what the wrapper needs stands beside them.
more=ixc_django_docker/requirements.txt
# What its developers and tests need is named in .env.base, which nothing has read yet.
developers=()
[ "${1:-}" = --system ] || IFS=' ' read -r -a developers < <(sed -n 's/^DEVELOPER_REQUIREMENTS="\(.*\)"$/\1/p' .env.base 2>/dev/null) || true
files=("$file" ${developers[@]+"${developers[@]}"})
# included FILE: prints it and the files that it names with -r and -c. The list of ancestors keeps a circle from being one.
included() {
    local name named folder
    case "$ancestors" in *"|$1|"*) return ;; esac
    [ -f "$1" ] || return 0
    printf '%s\n' "$1"
    named="$(tr -d '\r' <"$1" | sed -nE 's/^ *(-r|-c|--requirement|--constraint)[ =]*([^ #]+).*/\2/p')"
    folder="$(dirname "$1")"
    local ancestors="$ancestors$1|"
    while IFS= read -r name; do
        case "$name" in '' | *://*) ;; /*) included "$name" ;; *) included "$folder/$name" ;; esac
    done <<<"$named"
}
if older; then
    ancestors='|' roots=("${files[@]}") files=()
    for root in "${roots[@]}"; do
        while IFS= read -r name; do files+=("$name"); done < <(included "$root")
    done
fi
wanted="$(fingerprint requirements.txt "${files[@]}" "$more")"
# The day up to which an older project takes packages that it does not pin. Nothing has read .env.base yet, which an image lacks.
day=''
if older; then day="${PACKAGES_UNTIL-$(sed -n 's/^PACKAGES_UNTIL="\(.*\)"$/\1/p' .env.base 2>/dev/null || true)}"; fi
wanted+="${day:+ $day}"
current() { [ "$(cat "$mark" 2>/dev/null)" = "$wanted" ]; }
if [ "${1:-}" != --system ] && current; then exit; fi
case "${1:-}" in
    --check) exit 1 ;;
    --locked | --system) ;;
    *) exec "$python" "$BIN/waitlock.py" --local pip-install -- "$0" --locked ;;
esac

say "pip-install.sh: installing $file"
work="$(mktemp -d "${TMPDIR:-/tmp}/pip-install.XXXXXX")"
trap 'rm -rf -- "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
# An older project is installed by pip, as in its image: uv refuses much that was usual once.
# A uv from before August 2024 cannot pin what it builds with, and leaves the work to pip.
if has uv && ! older && [ "${1:-}" != --system ] && uv pip install --help 2>&1 | grep -q build-constraint; then
    by=uv
    uv_as_pip
    tool=(uv pip install --quiet --python "$python")
    case "${PIP_NO_INDEX:-}" in '' | 0 | [Ff]alse | [Nn]o | [Oo]ff) ;; *) tool+=(--no-index) ;; esac
else
    by=pip
    # A virtual environment made by uv has no pip of its own.
    "$python" -m pip --version >/dev/null 2>&1 || "$python" -m ensurepip >&2
    tool=("$python" -m pip install --quiet --disable-pip-version-check --no-input)
    # The pip that an old Python brings along knows neither today's wheels nor how today's sources are built. Of each tool the
    # index has a last version for it; where no index can be asked, what is there must do.
    # Setuptools 58 and later no longer build what was written for Python 2.
    if older && "$python" -c 'import pip, sys; sys.exit(int(pip.__version__.split(".")[0]) >= 20)' 2>/dev/null; then
        "${tool[@]}" --upgrade 'pip<25' 'setuptools<58' wheel >"$work/tools.log" 2>&1 </dev/null ||
            say "pip-install.sh: pip could not be brought up to date: $(tail -n 1 "$work/tools.log")"
    fi
    # Pip can be told a day since 26.0.
    if [ -n "$day" ] && "$python" -c 'import pip, sys; sys.exit(int(pip.__version__.split(".")[0]) >= 26)' 2>/dev/null &&
        ! "${tool[@]}" --upgrade 'pip>=26' >"$work/tools.log" 2>&1 </dev/null; then
        say "pip-install.sh: packages are the newest, and not those of $day, for which pip must be 26 or later: $(tail -n 1 "$work/tools.log")"
        day=''
    fi
fi

lock_again="lock the requirements again, so that the file names all that is needed: "
# An older project has no manual of the wrapper's.
if older; then
    lock_again+="the manual of your tool"
    where="PIP_INDEX_URL, PIP_FIND_LINKS, PIP_CERT and HTTPS_PROXY tell pip where to look"
else
    lock_again+="ixc_django_docker/README.md, \"Requirements\""
    where="ixc_django_docker/README.md, \"Where packages come from\""
fi

# logged COMMAND…: runs it; what it says is shown, and kept for the advice.
logged() { "$@" 2>&1 </dev/null | tee "$work/log" >&2; }

# What packages without a wheel are built with, into a folder of its own: what the project has installed is not touched, and
# pip itself (-I) does not take it for installed.
locked_by_pip() {
    local pins=ixc_django_docker/requirements-build.txt
    if ! [ -e "$pins" ]; then
        logged "${tool[@]}" --require-hashes --no-deps -r "$1"
        return
    fi
    "${tool[@]}" --require-hashes --no-deps --target "$work/build" -r "$pins" >"$work/build.log" 2>&1 || : >"$work/no-build"
    # A source of a team may ask for more than the wrapper has locked. Then pip looks for it, as it does by default.
    PYTHONPATH="$work/build" "$python" -I "${tool[@]:1}" --require-hashes --no-deps --no-build-isolation -r "$1" \
        >"$work/log" 2>&1 </dev/null && return
    if grep -Eq 'BackendUnavailable|ackend|metadata-generation-failed|ailed building wheel|ailed to build|subprocess-exited' "$work/log"; then
        if [ -e "$work/no-build" ]; then
            cat "$work/build.log" "$work/log" >&2
            return 1
        fi
        say "pip-install.sh: a package is built with more than $pins names, which comes from the index as it is today"
        logged "${tool[@]}" --require-hashes --no-deps -r "$1"
        return
    fi
    cat "$work/log" >&2
    return 1
}

locked_by_uv() {
    local options=() pins=ixc_django_docker/requirements-build.txt
    if [ -e "$pins" ]; then options=(--build-constraint "$pins"); fi
    logged "${tool[@]}" --require-hashes --no-deps ${options[@]+"${options[@]}"} -r "$1"
}

# fits FILE: true when all that the packages of a lock need is installed, extras and versions included; `pip check` knows no
# extras. The list is resolved once more, with nothing to choose from but what is installed.
fits() {
    needs_of "$1" >"$work/names.txt"
    if [ "$by" = uv ]; then
        env -u UV_FIND_LINKS "${tool[@]}" --no-config --offline --no-index -r "$work/names.txt" >"$work/fits" 2>&1
    else
        env -u PIP_FIND_LINKS -u PIP_CONSTRAINT PIP_CONFIG_FILE=/dev/null "${tool[@]}" --no-index -r "$work/names.txt" >"$work/fits" 2>&1
    fi
}

# install_from FILE: a lock exactly as it stands, anything else as pip or uv resolve it.
install_from() {
    if ! complete_lock "$1"; then
        logged env ${day:+"PIP_UPLOADED_PRIOR_TO=${day}T23:59:59Z"} "${tool[@]}" -r "$1"
        return
    fi
    "locked_by_$by" "$1" || return
    if fits "$1"; then return; fi
    say "pip-install.sh: $1 has hashes for all that it names, and yet its packages need more, or something else:"
    { "$python" -m pip --disable-pip-version-check check 2>/dev/null || true; cat "$work/fits"; } | sed 's/^/  /' >&2
    say "pip-install.sh: so that it is no complete lock, and $by resolves it"
    : >"$work/gap"
    logged "${tool[@]}" -r "$1" || return
    fits "$1" || say "pip-install.sh: what is named above is still not there; $lock_again"
}

# advise FILE: ends the script with what there is to do about the last message.
advise() {
    local -a hints=()
    if [ -e "$work/gap" ] || grep -Eq 'In --require-hashes mode, all requirements must|Hashes are required' "$work/log"; then
        hints+=("$lock_again")
    elif grep -Eqi 'DO NOT MATCH THE HASHES|hash mismatch' "$work/log"; then
        hints+=("the index gave another file than the one that was locked: find out why before you lock anew, or look for a damaged cache")
    elif grep -Eqi 'connection|connect error|timed? ?out|resolve host|name resolution|dns error|error sending request|certificate[ :]|proxy ?(error|auth)|network (is|connectivity)|credentials|unauthorized|forbidden|from versions: none' "$work/log"; then
        # Of an index that it could not ask, pip may say no more than that there are no versions.
        hints+=("the index could not be asked, or does not know the package; for a proxy, a certificate, an index of your own or no network at all:
      $where")
    elif grep -Eqi 'No matching distribution|not found in the|no version of|no matching' "$work/log"; then
        hints+=("the index that is used has no such version for $("$python" --version 2>&1) on this machine; which index that is:
      $where")
    fi
    if [ -n "$day" ]; then hints+=("what came after $day is left out: PACKAGES_UNTIL in .env.base and in the Dockerfile"); fi
    if older; then
        hints+=("if a package has nothing for $("$python" --version 2>&1), .env.base may name the wrong PROJECT_PYTHON"
            "what a package is compiled with is listed in the Dockerfile")
    fi
    fail "the packages of $1 could not be installed; the message is above" ${hints[@]+"${hints[@]}"}
}

install_from "$file" || advise "$file"
if [ -e "$more" ]; then
    day='' install_from "$more" || fail "the packages of $more could not be installed; the message is above"
fi
for file in ${developers[@]+"${developers[@]}"}; do
    if [ -e "$file" ] && ! install_from "$file"; then
        say "pip-install.sh: the packages of $file could not be installed, and tests or tools may miss them; the message is above"
        # What it includes can be had all the same.
        ancestors='|'
        included "$file" | tail -n +2 | while IFS= read -r name; do install_from "$name" || true; done
    fi
done
if [ "${1:-}" != --system ]; then printf '%s\n' "$wanted" >"$mark"; fi
