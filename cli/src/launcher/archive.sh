# Archives of loaded classes, which the Java virtual machine maps into memory instead of loading the classes: a dynamic
# CDS archive on JDK 17 to 24, an AOT cache from JDK 25 on. An archive belongs to one build and to one JDK, and its path
# says so: the directory has the name of the build's identity, the file that of the JDK's version, below the path of the
# JDK. The virtual machine alone does not keep them apart: the one of JDK 25.0.3 runs the old classes of an AOT cache
# beside newer jars (JDK-8377932).

# Sets $archive, or leaves it empty if this JDK has none, and the options that make and use it.
find_archive() {
  archive='' options=''
  IFS= read -r build <"$identity" || return 0
  if [ "$java" = java ]; then
    home=$(readlink -f "$(command -v java)" 2>/dev/null) || return 0
    home=${home%/bin/java}
  else
    home=$(CDPATH='' cd -P -- "$JAVA_HOME" && pwd -P) || return 0
  fi
  version=
  # The loop ends at the version, since a shell reads one byte at a time.
  while [ -z "$version" ] && IFS='"' read -r name value _; do
    [ "$name" != JAVA_VERSION= ] || version=$value
  done 2>/dev/null <"$home/release" || return 0
  archives=$state/classes
  case $version in
    17* | 18* | 19* | 2[0-4]*)
      archive=$archives/$build$home/$version.jsa
      making=-XX:ArchiveClassesAtExit using=-XX:SharedArchiveFile
      ;;
    2[5-9]* | [3-9][0-9]*)
      archive=$archives/$build$home/$version.aot
      making=-XX:AOTCacheOutput using=-XX:AOTCache
      # Otherwise the JVM compiles again at each start what it compiled in the rehearsal.
      options='-XX:+IgnoreUnrecognizedVMOptions -XX:+UnlockDiagnosticVMOptions -XX:-AOTReplayTraining'
      ;;
  esac
}

# Makes the archive from a rehearsal of common commands, and removes those of earlier builds. If the rehearsal fails, the
# archive is an empty file, so that no later start tries again. Runs alone: another launcher may have made the archive
# first, or built anew.
make_archive() {
  [ ! -f "$archive" ] && [ "$build" = "$(cat "$identity")" ] || return 0
  for old in "$archives"/*; do
    [ "$old" = "$archives/$build" ] || rm -rf "$old"
  done
  mkdir -p "${archive%/*}"
  rm -f "${archive%/*}"/*.jsa "${archive%/*}"/*.aot "${archive%/*}"/*.new
  say "making it start faster with this JDK; this takes some seconds, once"
  scratch=$(mktemp -d) || scratch=
  if [ -z "$scratch" ] || ! rehearse "$scratch/home" >/dev/null 2>&1 || [ ! -s "$archive.new" ]; then
    : >"$archive.new"
  fi
  [ -z "$scratch" ] || rm -rf "$scratch"
  # A virtual machine may crash on a truncated archive. So the archive gets its name when it is whole and on the disk.
  sync "$archive.new" 2>/dev/null || sync
  mv -f "$archive.new" "$archive"
}

# The home exists before the rehearsal, since making one is rare: it needs Flyway, whose classes would only lengthen the
# start.
rehearse() (
  export BASEDISK_HOME="$1"
  (run -jar "$jar" home init) &&
    (run "$making=$archive.new" -classpath "$jar" io.basedisk.cli.launcher.Rehearsal)
)
