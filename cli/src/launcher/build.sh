# Builds basedisk if it is not built, or if a source is newer than the build. Needs a JDK 17 or later and Maven.

# The build writes it last, and deletes it before it changes a jar.
identity=$state/identity

# The launcher makes the stamp before a build begins, so that a source that changes during the build is newer.
stamp=$state/built

is_built() {
  [ -f "$identity" ] && [ -f "$stamp" ] &&
    [ -z "$(find "$root/pom.xml" "$root/.mvn" "$root"/*/pom.xml "$root"/*/src/main "$root"/*/src/build "$launcher" \
      -newer "$stamp" 2>/dev/null)" ]
}

build() {
  is_built && return
  echo "basedisk: building it; this takes a minute" >&2
  touch "$stamp.new"
  (cd "$root" && mvn -B -q -DskipTests package) >&2 || {
    echo "basedisk: the build failed: see above; it needs a JDK 17 or later and Maven" >&2
    exit 1
  }
  mv "$stamp.new" "$stamp"
}

# Runs a function while no other launcher of this clone runs one. With flock, the lock goes with its holder; without,
# the lock is a directory that the holder removes.
alone() {
  mkdir -p "$state"
  lock=$state/lock
  if command -v flock >/dev/null 2>&1; then
    { flock 9 && "$1"; } 9>"$lock"
  else
    until mkdir "$lock.d" 2>/dev/null; do
      echo "basedisk: waiting for another build (if there is none, remove $lock.d)" >&2
      sleep 2
    done
    trap 'rmdir "$lock.d"' EXIT
    trap 'exit 1' HUP INT TERM
    "$1"
    rmdir "$lock.d"
    trap - EXIT HUP INT TERM
  fi
}
