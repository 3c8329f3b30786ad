#!/bin/bash
# Prints the path of a kubectl, whose `kustomize` needs no cluster: this machine's own, or Debian's unpacked into the cache.
set -euo pipefail
# shellcheck source=tests/tools/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# Its own kustomize is version 5 since 1.27.
if have kubectl && kubectl version --client 2>/dev/null | grep -q 'Kustomize Version: v[5-9]'; then
    command -v kubectl
else
    printf '%s\n' "$(unpack_packages kubectl trixie kubectl)/usr/bin/kubectl"
fi
