#!/bin/sh
# Unpacks the archive on this machine and checks it. Argument: the archive.
package=archive
tar --extract --gzip --file "$1" --directory /opt
directory=$(echo /opt/basedisk-*)
basedisk=$directory/bin/basedisk
lib=$directory/lib/basedisk
. "${0%/*}/checks.sh"

# With the identity of other jars, the classes of the cache must not run.
does_not_use_the_cache_of_other_jars() {
  sed -i 's/no boxes/no b0xes/' "$lib/app/basedisk.jar"
  "${0%/*}/identity.sh" "$lib" >/tmp/identity && cp /tmp/identity "$lib/identity"
  as_user "$basedisk --home none home init" && as_user "$basedisk --home none box ls" && printed '^no b0xes$' && ! uses_the_cache
}

# The user may have a home from other checks.
rm -rf "/home/$user/.basedisk"
check_all
check "other jars than those of the cache" does_not_use_the_cache_of_other_jars
finish
