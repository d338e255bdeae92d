# Checks that a package works on a machine without Java. Runs as root of that machine, which is thrown away afterwards.
# Sourced by debian-package.sh and archive.sh; each says in $basedisk where the program is, and in $lib its libraries.
set -u
export LC_ALL=C.UTF-8
user=guest
failures=0

# Runs a check of the given name: a command that succeeds.
check() {
  name=$1
  shift
  if "$@" >/tmp/check 2>&1; then
    echo "ok: $package: $name"
  else
    failures=$((failures + 1))
    echo "FAILED: $package: $name" >&2
    sed 's/^/    /' /tmp/check >&2
  fi
}

# Runs a shell script as an ordinary user, with HOME alone in the environment. Keeps what it prints for "printed". Fails if
# the script fails, or prints anything on standard error.
as_user() {
  (cd "${in:-/home/$user}" && setpriv --reuid $user --regid $user --init-groups env -i HOME=/home/$user sh -eu -c "$1") \
    >/tmp/stdout 2>/tmp/stderr && no_stderr
}

no_stderr() {
  cat /tmp/stderr
  [ ! -s /tmp/stderr ]
}

# Succeeds if the last script of the user printed this.
printed() {
  cat /tmp/stdout
  grep -q "$1" /tmp/stdout
}

has_no_java() {
  ! command -v java
}

prints_version() {
  as_user "$basedisk --version" && printed '^basedisk [0-9]'
}

creates_and_lists_boxes() {
  as_user "$basedisk box create web-1 --size 1M; $basedisk snapshot create web-1 clean; $basedisk clone web-1@clean web-2" &&
    lists_boxes
}

lists_boxes() {
  as_user "$basedisk box ls" && printed '^web-2 '
}

moves_boxes() {
  as_user "$basedisk --quiet export web-2 - | $basedisk import - web-3" && printed '^box  *web-3$'
}

has_a_client_of_registries() {
  ! as_user "$basedisk push web-2 localhost:1/web" && grep -q 'refused the connection' /tmp/stderr
}

shows_the_main_job() {
  as_user "$basedisk demo"
}

works_in_a_directory_that_it_may_not_write() (
  in=/usr
  lists_boxes
)

works_on_a_read_only_file_system() {
  mount --bind / /mnt && mount -o remount,ro,bind /mnt && mount --bind /home /mnt/home && mount --bind /proc /mnt/proc &&
    mount --bind /dev /mnt/dev || return 1
  chroot /mnt setpriv --reuid $user --regid $user --init-groups env -i HOME=/home/$user $basedisk box ls >/tmp/stdout 2>/tmp/stderr
  code=$?
  umount -R /mnt
  [ $code -eq 0 ] && no_stderr && printed '^web-2 '
}

works_through_symbolic_links() {
  as_user "mkdir -p bin 'a b'; ln -sf $basedisk bin/one; ln -sf ../bin/one 'a b/two'
    'a b/two' --version; cd 'a b'; ./two --version; sh two --version; PATH=\$PWD:/usr/bin:/bin; two --version" &&
    [ "$(grep -c '^basedisk [0-9]' /tmp/stdout)" -eq 4 ]
}

# As cron may: no locale, no home.
asks_for_a_home_without_one() {
  env -i "$basedisk" box ls >/tmp/stdout 2>/tmp/stderr
  [ $? -eq 2 ] && [ ! -s /tmp/stdout ] && grep 'no home is named' /tmp/stderr && grep 'hint: give --home' /tmp/stderr
}

keeps_names_in_utf_8() {
  for locale in '' C POSIX de_DE.UTF-8 de_DE.ISO-8859-1; do
    uses_names_in_utf_8 || return 1
  done
}

# In the locale $locale, or in none.
uses_names_in_utf_8() {
  as_user "rm -rf 'Größe'; mkdir 'Größe'; ${locale:+export LC_ALL=$locale LANG=$locale}
    $basedisk --home 'Größe/家' box create a --size 1M
    $basedisk --home 'Größe/家' snapshot create a 'naïve ☃'
    $basedisk --home 'Größe/家' snapshot ls a" && printed ' naïve ☃ ' && [ -d "/home/$user/Größe/家/db" ]
}

# Makes a launcher in a directory of that name which runs this package with changed options: an expression of sed.
change_java() {
  mkdir -p "$1/bin" "$1/lib"
  ln -sfn "$lib" "$1/lib/basedisk"
  sed "$2" "$lib/java.sh" >"$1/java.sh"
  ! cmp -s "$lib/java.sh" "$1/java.sh" || return 1
  sed "s|\"\$lib/java.sh\"|$1/java.sh|" "$basedisk" >"$1/bin/basedisk"
  chmod +x "$1/bin/basedisk"
}

works_for_a_user_without_a_name() {
  mkdir -p /tmp/nameless/home /tmp/nameless/cwd
  chown -R 54321:54321 /tmp/nameless
  (cd /tmp/nameless/cwd && setpriv --reuid 54321 --regid 54321 --clear-groups env -i HOME=/tmp/nameless/home \
    $basedisk box create x --size 1M) && [ -d /tmp/nameless/home/.basedisk/db ] && [ -z "$(ls -A /tmp/nameless/cwd)" ] &&
    rm -r /tmp/nameless
}

is_not_disturbed_by_options_for_other_java_programs() {
  as_user "export JAVA_TOOL_OPTIONS=-Xmx1m JDK_JAVA_OPTIONS=-Xmx1m _JAVA_OPTIONS=-Xmx1m JAVA_HOME=/nowhere; $basedisk --version"
}

# Runs a command with the given options; succeeds if its classes came from the cache.
uses_the_cache() {
  as_user "BASEDISK_JAVA_OPTIONS='$* -Xlog:class+load:stdout' $basedisk box ls" &&
    grep 'io.basedisk.cli.Program source:' /tmp/stdout && printed 'io.basedisk.cli.Program source: shared objects file'
}

# By default, the limit of the heap is a quarter of the memory.
uses_the_cache_on_a_machine_with_much_memory() {
  uses_the_cache -XX:MaxRAM=500g
}

# With a heap of 40 GiB, references to objects have another size than in the cache, and the JVM refuses it.
works_quietly_if_the_cache_is_refused() {
  ! uses_the_cache -Xmx40g && no_stderr && printed '^web-2 '
}

# $emulator runs a program as an older processor does than that of this machine, which made the cache.
works_on_an_older_processor() (
  change_java /tmp/older "s|exec \"|exec $emulator \"|" || return 1
  basedisk=/tmp/older/bin/basedisk
  uses_the_cache
)

check_all() {
  check "the machine has no Java" has_no_java
  check "the version" prints_version
  check "boxes of an ordinary user" creates_and_lists_boxes
  check "an export and an import" moves_boxes
  check "a registry" has_a_client_of_registries
  check "the demonstration" shows_the_main_job
  check "a directory without permission to write" works_in_a_directory_that_it_may_not_write
  check "a read-only file system" works_on_a_read_only_file_system
  check "symbolic links" works_through_symbolic_links
  check "no home" asks_for_a_home_without_one
  check "names in UTF-8 in any locale" keeps_names_in_utf_8
  check "a user id without a name" works_for_a_user_without_a_name
  check "options for other Java programs" is_not_disturbed_by_options_for_other_java_programs
  check "the cache of classes" uses_the_cache
  check "the cache on a machine with much memory" uses_the_cache_on_a_machine_with_much_memory
  check "a cache that the JVM refuses" works_quietly_if_the_cache_is_refused
  check "an older processor" works_on_an_older_processor
}

finish() {
  if [ $failures -ne 0 ]; then
    echo "$failures checks of the $package failed" >&2
    exit 1
  fi
}
