#!/bin/bash
# Runs the storage tests against an S3 server that checks signatures. Not part of the usual run: to compile it takes minutes.
set -euo pipefail
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/tools/lib.sh
. "$HERE/lib.sh"

VERSION=0.14.1
root=$IXD_CACHE/s3s-fs-$VERSION
[ -x "$root/bin/s3s-fs" ] ||
    retry cargo install --quiet --locked --version "$VERSION" --features binary --root "$root" s3s-fs
IXD_S3S_FS=$root/bin/s3s-fs exec "$HERE/../run" system -- -k test_storages
