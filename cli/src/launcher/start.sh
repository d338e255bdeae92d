# A start, step by step; the README beside this file explains the steps. ./basedisk sources this file with the clone's
# directory in $root and the command line in $@.
launcher=$root/cli/src/launcher
program=$root/cli/target/run
jar=$program/basedisk.jar
native=$program/native
state=$program/launcher

. "$launcher/build.sh"
. "$launcher/archive.sh"

# Replaces the shell by the Java virtual machine. A command is short, so one compiler and the collector with the fewest
# threads serve it best. It speaks one language, so Java need not load the data of locales. SQLite's library was
# unpacked by the build. JNA unpacks its own into the directory for temporary files: its default is in Java's user.home,
# which is a directory named "?" for a user id without a name. What the virtual machine logs is no result: warnings are
# off, errors go to standard error.
run() {
  exec "$java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -Djava.locale.providers=SPI -Dorg.sqlite.lib.path="$native" \
    -Djna.tmpdir="${TMPDIR:-/tmp}" \
    -Xlog:disable -Xlog:all=error:stderr "$@"
}

# 1. The build.
fresh=
is_built || alone build

# 2. Names of files and snapshots are UTF-8; Java takes the encoding of file names from the locale alone.
case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
  *[Uu][Tt][Ff]*) ;;
  *) export LC_ALL=C.UTF-8 ;;
esac

# 3. The width of the terminal. A shell does not export it, and to ask for it costs more in Java.
if [ -z "${COLUMNS:-}" ] && { [ -t 1 ] || [ -t 2 ]; }; then
  size=$({ stty size </dev/tty; } 2>/dev/null || :)
  case ${size#* } in
    '' | 0 | *[!0-9]*) ;;
    *) export COLUMNS="${size#* }" ;;
  esac
fi

# 4. The Java virtual machine.
java=java
if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
  java=$JAVA_HOME/bin/java
fi

# 5. Its archive of this build's classes. The start that built does not make it too: its user has waited enough.
find_archive
if [ -n "$archive" ]; then
  [ -f "$archive" ] || [ -n "$fresh" ] || [ ! -w "$state" ] || alone make_archive || :
  if [ -s "$archive" ]; then
    # shellcheck disable=SC2086 # None or several options.
    run $options "$using=$archive" -jar "$jar" "$@"
  fi
fi

# 6. The command.
run -jar "$jar" "$@"
