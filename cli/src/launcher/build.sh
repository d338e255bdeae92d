# Builds basedisk if it is not built, or if a source is newer than the build. Needs a JDK 17 or later and Maven.

# The build writes it last, and deletes it before it changes a jar.
identity=$state/identity

# The launcher makes the stamp before a build begins, so that a source that changes during the build is newer.
stamp=$state/built

log=$state/build.log

say() {
  echo "basedisk: $1" >&2
}

fail() {
  say "$1"
  exit 1
}

is_built() {
  [ -f "$identity" ] && [ -f "$stamp" ] &&
    [ -z "$(find "$root/pom.xml" "$root/.mvn" "$root"/*/pom.xml "$root"/*/src/main "$root"/*/src/build "$launcher" \
      -newer "$stamp" 2>/dev/null)" ]
}

# Leaves a word in $fresh if it built.
build() {
  is_built && return
  command -v mvn >/dev/null 2>&1 || fail "the program must be built first, and Maven (mvn) is not installed"
  say "building the program, which is needed once and after each change of its sources"
  begin=$(date +%s)
  touch "$stamp.new"
  maven | tee "$log" | tell
  if [ -f "$stamp.new" ]; then
    complaints >&2
    fail "the build failed: see above, or $log; it needs a JDK 17 or later, Maven 3.8 or later, and at first the network"
  fi
  say "built in $(($(date +%s) - begin)) s"
  fresh=yes
}

# The stamp gets its name if Maven succeeds: a pipe has the exit code of its last part alone. The command's standard
# input is not Maven's.
maven() (
  cd "$root"
  mvn -B -T1C -Prun -Dmaven.test.skip=true -Dstyle.color=never package </dev/null 2>&1 && mv "$stamp.new" "$stamp"
)

# Says where Maven is, in plain lines. Goes on if a line can't be printed, since the build would end with the pipe.
tell() {
  set +e
  files=0
  while IFS= read -r line; do
    case $line in
      *'] Building basedisk: '*)
        part=${line##*Building basedisk: }
        number=${part#*[}
        say "building ${part%% [0-9]*} (${number%%]*})"
        ;;
      *Downloaded*)
        files=$((files + 1))
        case $files in
          1) say "downloading libraries and what Maven needs" ;;
          *00) say "downloaded $files files" ;;
        esac
        ;;
    esac
  done
}

# Prints the end of what Maven said, without its progress, and without the escape codes that it writes to any file.
complaints() {
  escape=$(printf '\033')
  sed -e "s/$escape\[[0-9;]*m//g" -e '/^\[INFO\]/d' -e '/^Download/d' -e '/^Progress/d' "$log" | tail -n 40
}

# Runs a function while no other launcher of this clone runs one. With flock, the lock goes with its holder; without,
# the lock is a directory that the holder removes.
alone() {
  { mkdir -p "$state" && [ -w "$state" ]; } 2>/dev/null ||
    fail "can't write to $state: build the program as a user who can, or use a clone of your own"
  lock=$state/lock
  if command -v flock >/dev/null 2>&1; then
    {
      flock -n 9 || {
        say "waiting for another start of this clone, which is building or preparing it"
        flock 9
      } && "$1"
    } 9>"$lock"
  else
    until mkdir "$lock.d" 2>/dev/null; do
      say "waiting for another start of this clone (if there is none, remove $lock.d)"
      sleep 2
    done
    trap 'rmdir "$lock.d"' EXIT
    trap 'exit 1' HUP INT TERM
    "$1"
    rmdir "$lock.d"
    trap - EXIT HUP INT TERM
  fi
}
