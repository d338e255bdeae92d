# How the package runs Java, for the launcher and for make-cache. $lib is the directory of this file.

# The cache of loaded classes (AOT cache) has the identity of the package in its name: a digest of the jars, the runtime
# and these options. The JVM alone does not tell caches apart: 25.0.3 runs the old classes of a cache beside newer jars
# (JDK-8377932).
IFS= read -r identity <"$lib/identity"
cache=$lib/cache/$identity.aot

# Names of files and snapshots are UTF-8, and Java takes the encoding of names from the locale alone. That of the user may
# be missing on this machine; C.UTF-8 is part of the C library.
export LC_ALL=C.UTF-8

# Options meant for other Java programs. The JVM would print that it has read them.
unset JAVA_TOOL_OPTIONS JDK_JAVA_OPTIONS _JAVA_OPTIONS

# Replaces the shell by the Java virtual machine.
# - A command is short: one compiler, the collector with the fewest threads, no data of locales, no file of counters.
# - The limit of the heap is the same when the cache is made and when it is used. Without one it depends on the memory of
#   the machine, and the JVM refuses the cache if the limit is over some 30 GiB.
# - AOTAdapterCaching off: otherwise the cache has machine code for the processor that made it, which an older processor
#   can't run. AOTReplayTraining off: otherwise the JVM compiles at each start what it compiled when the cache was made.
# - The jars have no native libraries: they are in native/.
# - What the JVM logs is no result. Errors go to standard error, except that a cache is refused, since the command is
#   right without it.
# shellcheck disable=SC2086 # BASEDISK_JAVA_OPTIONS has none or several options.
run() {
  exec "$lib/runtime/bin/java" \
    -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData -Djava.locale.providers=SPI \
    -Xmx2g \
    -XX:+UnlockDiagnosticVMOptions -XX:-AOTAdapterCaching -XX:-AOTReplayTraining \
    -Dorg.sqlite.lib.path="$lib/native" -DZstdNativePath="$lib/native/libzstd-jni.so" \
    -Djna.boot.library.path="$lib/native" -Djna.nounpack=true -Djna.nosys=true \
    -Xlog:disable -Xlog:all=error:stderr -Xlog:aot=off:stderr -Xlog:cds=off:stderr \
    ${BASEDISK_JAVA_OPTIONS:-} "$@"
}
