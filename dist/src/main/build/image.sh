#!/bin/sh
# Makes the content of the packages: target/basedisk-VERSION-linux-x64.tar.gz, and target/deb.tar for the Debian package.
# The same sources and the same JDK give the same bytes, except for the cache of classes in the archive.
# Arguments: the version, the time of all files as in 2026-01-31T00:00:00Z, the JDK that runs Maven, and the JDK to use or
# nothing.
set -eu
cd "${0%/*}/../../.."
version=$1 running=$3 wanted=$4
time=$(date -u -d "$2" +%s)
umask 022
export LC_ALL=C.UTF-8 TZ=UTC

fail() {
  echo "dist: $*" >&2
  exit 1
}

# Sets $jdk to a JDK 25 with jlink. The one that is named has to be one.
find_jdk() {
  for jdk in ${wanted:+"$wanted"} ${JAVA25_HOME:+"$JAVA25_HOME"}; do
    is_jdk_25 || fail "$jdk is no JDK 25 with jlink (from -Ddist.jdk or JAVA25_HOME)"
    return 0
  done
  for jdk in "$running" "${JAVA_HOME:-}" /usr/lib/jvm/* /opt/java/* "${HOME:-}"/.sdkman/candidates/java/*; do
    ! is_jdk_25 || return 0
  done
  fail "the packages need a JDK 25 with jlink, and none was found: install one, and pass -Ddist.jdk=DIR or set JAVA25_HOME"
}

is_jdk_25() {
  [ -x "$jdk/bin/jlink" ] && grep -q '^JAVA_VERSION="25[."]' "$jdk/release" 2>/dev/null
}

[ "$(uname -sm)" = 'Linux x86_64' ] || fail "the packages are for Linux on x86-64, and are made there"
find_jdk
echo "dist: with the JDK in $jdk"

name=basedisk-$version-linux-x64
image=target/$name
lib=$image/lib/basedisk
rm -rf "$image" target/deb target/deb.tar target/*.tar.gz target/*.deb
mkdir -p "$image/bin" "$lib/app"

# The program.
cp src/main/program/basedisk "$image/bin/"
cp src/main/program/java.sh src/main/program/make-cache "$lib/"
"$jdk/bin/java" src/main/build/PackLibraries.java ../cli/target/basedisk.jar "$lib/app" "$lib/native" "$time"
"$jdk/bin/jlink" --add-modules java.base,java.net.http,java.sql,jdk.jfr,jdk.security.auth,jdk.unsupported \
  --no-header-files --no-man-pages --strip-debug --compress zip-0 --output "$lib/runtime"

src/main/build/identity.sh "$lib" >target/identity
mv target/identity "$lib/identity"

# Completion and manual come from the program.
share=$image/share
mkdir -p "$share/bash-completion/completions" "$share/zsh/vendor-completions" "$share/fish/vendor_completions.d"
"$image/bin/basedisk" completion bash >"$share/bash-completion/completions/basedisk"
"$image/bin/basedisk" completion zsh >"$share/zsh/vendor-completions/_basedisk"
"$image/bin/basedisk" completion fish >"$share/fish/vendor_completions.d/basedisk.fish"
"$lib/runtime/bin/java" -classpath "$lib/app/basedisk.jar" io.basedisk.cli.ManualPages "$share/man/man1"
gzip -n -9 "$share"/man/man1/*.1
mkdir -p "$share/doc/basedisk/dist"
cp ../README.md ../CHANGELOG.md ../LICENSE "$share/doc/basedisk/"
cp README.md "$share/doc/basedisk/dist/"
cp -r ../docs "$share/doc/basedisk/docs"
cp target/bom.json "$share/doc/basedisk/sbom.cdx.json"

# Packs a directory. The names are sorted, and all files have one owner and one time.
pack() {
  chmod -R u=rwX,go=rX "$2"
  find "$2" -exec touch -h -d "@$time" {} +
  tar --create --file "$1" --format gnu --sort=name --owner=0 --group=0 --numeric-owner -C "$3" "$4"
}

# The Debian package makes the cache when it is installed.
cp -r src/main/deb/files target/deb
mkdir -p target/deb/usr
cp -a "$image/bin" "$image/lib" "$image/share" target/deb/usr/
cp src/main/deb/copyright target/deb/usr/share/doc/basedisk/
ln -s /var/cache/basedisk target/deb/usr/lib/basedisk/cache
pack target/deb.tar target/deb target/deb .
rm -rf target/deb

# The archive has the cache in it. A cache knows the times of the jars, so they are set before.
find "$image" -exec touch -h -d "@$time" {} +
mkdir "$lib/cache"
"$lib/make-cache"
pack target/image.tar "$image" target "$name"
gzip -n <target/image.tar >"target/$name.tar.gz"
rm target/image.tar
