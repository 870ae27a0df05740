# Helpers of the demonstration: requests, checks, the daemon. Sourced by play.sh.
# shellcheck shell=bash

base_url=http://127.0.0.1:$DEMO_PORT
bin=build/release
state=$DEMO_DIR/state
outbox=$DEMO_DIR/outbox
clock=$state/clock
daemon_pid=
organisation=
steps=0

fail() {
    printf 'demo: step %d failed: %s\n' $((steps + 1)) "$*" >&2
    exit 1
}

# verified TEXT: one step of the job is done and was checked.
verified() {
    steps=$((steps + 1))
    printf '%2d. %s\n' "$steps" "$*"
}

# request METHOD PATH [curl arguments...] - the body of the answer; any status but 2xx ends the demonstration.
request() {
    local method=$1 path=$2 status
    shift 2
    status=$(curl -sS -o "$state/answer" -w '%{http_code}' -X "$method" -H "Authorization: Bearer $token" "$@" "$base_url$path") ||
        fail "$method $path: no answer"
    [[ $status == 2* ]] || fail "$method $path: $status $(cat "$state/answer")"
    cat "$state/answer"
}

send() {
    request "$1" "$2" -H 'Content-Type: application/json' --data-binary "$3"
}

ctl() {
    ENTRETIENCTL_URL=$base_url ENTRETIENCTL_TOKEN=$token ENTRETIENCTL_ORGANISATION=$organisation "$bin/entretienctl" "$@"
}

import() {
    request POST "/v1/imports/$1?organisation=$organisation&wait=60" -H 'Content-Type: text/csv' --data-binary "@config/demo/$1.csv"
}

# member FILTER: a member of the JSON on standard input; its absence is a failure.
member() {
    jq -er "$1" || fail "no $1 in the answer"
}

employee() {
    request GET "/v1/employees?organisation=$organisation&number=$1" | member '.items[0].id'
}

# expect WHAT ACTUAL EXPECTED
expect() {
    [ "$2" = "$3" ] || fail "$1 is '$2', expected '$3'"
}

# until_true WHAT COMMAND...: the daemon does its work within seconds of the clock or fails.
until_true() {
    local what=$1
    shift
    for _ in $(seq 200); do
        "$@" > /dev/null 2>&1 && return 0
        sleep 0.05
    done
    fail "$what"
}

set_clock() {
    printf '%s\n' "$1" > "$clock.new"
    mv "$clock.new" "$clock"
    [ -z "$daemon_pid" ] || until_true "the daemon reads its clock" clock_is "$1"
}

clock_is() {
    [ "$(curl -sS "$base_url/healthz" | jq -r .time)" = "$1" ]
}

write_configuration() {
    cat > "$state/entretiend.conf" << E2
# The demonstration's configuration, written anew at each start.
listen { port = $DEMO_PORT }
store { data_directory = "$state/data" }
mail { transport = "file" directory = "$outbox" }
E2
    [ "$DEMO_ONCE" = no ] || echo "clock { file = \"$clock\" }" >> "$state/entretiend.conf"
}

start_daemon() {
    local flags=(-c "$state/entretiend.conf")
    [ "$DEMO_ONCE" = no ] || flags+=(--allow-set-clock)
    if (exec 3<> "/dev/tcp/127.0.0.1/$DEMO_PORT") 2> /dev/null; then
        fail "port $DEMO_PORT is in use (try --port)"
    fi
    rm -rf "$state" "$outbox"
    mkdir -p "$state/data" "$outbox"
    chmod 700 "$state/data"
    [ "$DEMO_ONCE" = no ] || set_clock "$1"
    write_configuration
    token=$("$bin/entretiend" "${flags[@]}" create-token) || fail "no first token"
    "$bin/entretiend" "${flags[@]}" 2> "$DEMO_DIR/entretiend.log" &
    daemon_pid=$!
    trap stop_daemon EXIT
    trap 'exit 130' INT TERM
    until_true "the daemon answers (see $DEMO_DIR/entretiend.log)" curl -fsS "$base_url/readyz"
}

stop_daemon() {
    [ -n "$daemon_pid" ] || return 0
    kill "$daemon_pid" 2> /dev/null || true
    wait "$daemon_pid" 2> /dev/null || true
    daemon_pid=
}

# mail_to ADDRESS METHOD: the file of the newest iMIP mail to that address with that METHOD.
mail_to() {
    grep -lsi "^To:.*$1" "$outbox"/*.eml | xargs -r grep -lsi "method=\"\?$2" | tail -n 1 | grep .
}

# notices_to ADDRESS: how many mails without a calendar went to that address.
mails_to() {
    grep -lsi "^To:.*$1" "$outbox"/*.eml | wc -l
}
