#!/bin/sh
# Installs the Debian package on this machine, checks it, upgrades, removes and purges it.
# Arguments: the package, and a newer one whose program says "no b0xes".
package='Debian package'
basedisk=/usr/bin/basedisk
lib=/usr/lib/basedisk
. "${0%/*}/checks.sh"
deb=$1 newer=$2

installs() {
  dpkg --install "$deb" && dpkg --audit && [ -f "/var/cache/basedisk/$(cat $lib/identity).aot" ]
}

has_manual_and_completion() {
  for file in man/man1/basedisk.1.gz man/man1/basedisk-box-create.1.gz bash-completion/completions/basedisk \
    zsh/vendor-completions/_basedisk fish/vendor_completions.d/basedisk.fish doc/basedisk/copyright doc/basedisk/sbom.cdx.json; do
    dpkg --search /usr/share/$file && [ -s /usr/share/$file ] || return 1
  done
}

has_timers_that_are_off() {
  for unit in basedisk-gc basedisk-doctor; do
    [ -f /usr/lib/systemd/system/$unit.service ] && [ -f /usr/lib/systemd/system/$unit.timer ] || return 1
  done
  [ -z "$(find /etc/systemd -name '*basedisk*')" ]
}

# The command of a unit, with the environment of the unit.
runs_what_its_units_run() {
  HOME='' BASEDISK_HOME=/var/lib/basedisk basedisk box create vm --size 1M || return 1
  for unit in basedisk-gc basedisk-doctor; do
    command=$(sed -n 's/^ExecStart=//p' /usr/lib/systemd/system/$unit.service)
    # shellcheck disable=SC2046,SC2086
    env -i $(grep -h '^[A-Z_]*=' /etc/default/basedisk) $command || return 1
  done
}

says() {
  as_user "$basedisk --home empty box ls" && printed "^$1\$"
}

# The classes of a cache that does not belong to the new jars would say "no boxes".
runs_new_classes_after_an_upgrade() {
  as_user "$basedisk --home empty home init" && says 'no boxes' && dpkg --install "$newer" && says 'no b0xes' && uses_the_cache &&
    [ "$(ls /var/cache/basedisk)" = "$(cat $lib/identity).aot" ]
}

removes_all_but_its_configuration() {
  dpkg --remove basedisk && [ ! -e $basedisk ] && [ ! -e $lib ] && [ ! -e /var/cache/basedisk ] && [ -f /etc/default/basedisk ]
}

purges_all_but_the_disks() {
  dpkg --purge basedisk && [ ! -e /etc/default/basedisk ] && [ -f /home/$user/.basedisk/boxes/web-1/disks/disk.qcow2 ] &&
    [ -f /var/lib/basedisk/boxes/vm/disks/disk.qcow2 ]
}

# Where its directory should be, a file is.
installs_without_a_cache() {
  : >/var/cache/basedisk
  dpkg --install "$deb" && lists_boxes && dpkg --purge basedisk && [ ! -e /var/cache/basedisk ]
}

check "installation" installs
check_all
check "manual and completion" has_manual_and_completion
check "timers are off" has_timers_that_are_off
check "commands of the units" runs_what_its_units_run
check "new classes after an upgrade" runs_new_classes_after_an_upgrade
check "removal" removes_all_but_its_configuration
check "purge" purges_all_but_the_disks
check "installation without a cache" installs_without_a_cache
finish
