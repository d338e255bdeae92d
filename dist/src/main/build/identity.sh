#!/bin/sh
# Prints the identity of a package: a digest of all files on which its cache of classes depends. Argument: lib/basedisk.
set -eu
cd "$1"
find . -type f ! -name identity ! -path './cache/*' | LC_ALL=C sort | xargs -d '\n' sha256sum | sha256sum | cut -d ' ' -f 1
