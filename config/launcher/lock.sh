#!/bin/sh
# lock.sh UV: what the readable requirements draw in, each file of each release by its hash, for
# every Python and machine we run on. Written beside them as .lock; both are handed in together.
# Names given after UV are brought up to date; everything else stays where it is.
set -e
uv=$1; shift
cd "$(dirname "$0")/../.."
for name do set -- "$@" --upgrade-package "$name"; shift; done
lock() {
    file=$1; shift
    "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --output-file "${file%.txt}.lock" "$file" "$@"
}
lock config/launcher/installer.txt "$@"
lock requirements.txt "$@"
lock frontend/requirements.txt "$@"
lock requirements-dev.txt --constraint requirements.lock "$@"
lock requirements-mutants.txt --constraint requirements-dev.lock "$@"
lock requirements-tools.txt "$@"
lock bench/requirements.txt "$@"
