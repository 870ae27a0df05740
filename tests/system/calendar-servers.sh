#!/usr/bin/env bash
# calendar-servers.sh DIR radicale|xandikos|cyrus PORT - one CalDAV server of Debian 12 on loopback, state under DIR, in the
# foreground until it is killed. Users hr, manager and employee have their names as passwords; Cyrus knows them as
# NAME@corp.example, invites by itself (RFC 6638), and needs root.
set -euo pipefail
dir=$(realpath -m "$1")
mkdir -p "$dir"

radicale() {
    printf 'hr:hr\nmanager:manager\nemployee:employee\n' >"$dir/users"
    cat >"$dir/config" <<EOF
[server]
hosts = 127.0.0.1:$1
[auth]
type = htpasswd
htpasswd_filename = $dir/users
htpasswd_encryption = plain
[rights]
type = authenticated
[storage]
filesystem_folder = $dir/collections
[logging]
level = warning
EOF
    exec /usr/bin/radicale --config "$dir/config"
}

xandikos() {
    exec /usr/bin/xandikos -l 127.0.0.1 -p "$1" -d "$dir/data" --defaults --current-user-principal /hr/
}

cyrus() {
    local lmtp=$(($1 + 1)) user
    mkdir -p "$dir"/{conf/{socket,db,proc},spool,tmp,sieve}
    chmod 755 "$dir"
    cat >"$dir/imapd.conf" <<EOF
configdirectory: $dir/conf
defaultpartition: default
partition-default: $dir/spool
temp_path: $dir/tmp
sievedir: $dir/sieve
servername: localhost
virtdomains: off
altnamespace: yes
unixhierarchysep: yes
admins: admin
allowplaintext: yes
sasl_mech_list: PLAIN
sasl_pwcheck_method: auxprop
sasl_auxprop_plugin: sasldb
sasl_sasldb_path: $dir/sasldb2
httpmodules: caldav freebusy
calendar_user_address_set: corp.example
caldav_allowscheduling: on
caldav_create_default: yes
caldav_create_sched: yes
autocreate_quota: 0
autocreate_post: yes
autocreate_users: anyone
conversations: 0
search_engine: none
EOF
    cat >"$dir/cyrus.conf" <<EOF
START {
  recover cmd="/usr/lib/cyrus/bin/ctl_cyrusdb -C $dir/imapd.conf -r"
}
SERVICES {
  http    cmd="/usr/lib/cyrus/bin/httpd -C $dir/imapd.conf" listen="127.0.0.1:$1" prefork=2
  lmtptcp cmd="/usr/lib/cyrus/bin/lmtpd -C $dir/imapd.conf -a" listen="127.0.0.1:$lmtp" prefork=1
}
EVENTS { }
EOF
    for user in admin hr manager employee; do
        echo "$user" | saslpasswd2 -c -p -f "$dir/sasldb2" -u localhost "$user"
    done
    chown -R cyrus:mail "$dir"
    exec /usr/lib/cyrus/bin/master -C "$dir/imapd.conf" -M "$dir/cyrus.conf" -p "$dir/master.pid" -D
}

"$2" "$3"
