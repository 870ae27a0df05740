#!/usr/bin/env bash
# The demonstration itself, through public interfaces only. Called by ./demo with DEMO_DIR, DEMO_PORT and DEMO_ONCE.
set -euo pipefail
# shellcheck source=config/demo/lib.sh
source config/demo/lib.sh

set_up_company() {
    organisation=$(send POST /v1/organisations '{"name": "Ateliers du Rhône", "siren": "732829320",
        "organiser": {"name": "Ressources humaines", "email": "rh@ateliers-rhone.example"},
        "headcounts": [{"year": 2024, "average": 61}, {"year": 2025, "average": 58}]}' | member .id)
    verified "the organisation exists: $organisation"
    local kind result
    for kind in employees absences reviews progressions completions actions; do
        result=$(import "$kind")
        expect "state of the import of $kind" "$(jq -r .state <<< "$result")" "done"
        verified "config/demo/$kind.csv is in: $(jq -r '"\(.created) created, \(.updated) updated, \(.unchanged) unchanged"' <<< "$result")"
    done
    result=$(import employees)
    expect "a second import of the staff creates" "$(jq -r .created <<< "$result")" 0
    verified "importing the staff again changes nothing"
}

set_up_source() {
    hook_secret=$(openssl rand -hex 32)
    local body
    body=$(jq -n --arg secret "$hook_secret" '{kind: "generic", name: "LMS de démonstration", secret: $secret,
        signature: {family: "hmac_hex", header: "X-Signature", prefix: "sha256="},
        mapping: {event_id: "/id", user: {email: "/learner/email", number: "/learner/number"}, course: {id: "/course/id", title: "/course/title"},
            occurred: {at: "/completed_at", format: "iso"},
            status: {at: "/status", completed: ["completed", "passed"], failed: ["failed"], undone: ["reset"]}}}')
    source_id=$(send POST "/v1/sources?organisation=$organisation" "$body" | tee "$state/source.json" | member .id)
    hook_url=$(member .hook_url < "$state/source.json")
}

set_up_feed() {
    feed_url=$(send POST "/v1/feeds?organisation=$organisation" "{\"scope\": \"manager\", \"subject\": \"$manager\"}" | member .url)
}

# hook BODY: posts a signed completion as an LMS would; the status goes to $hook_status, the answer to $state/hook.
hook() {
    local signature
    signature=$(printf '%s' "$1" | openssl dgst -sha256 -hmac "$hook_secret" -r | cut -d' ' -f1)
    hook_status=$(curl -sS -o "$state/hook" -w '%{http_code}' -H 'Content-Type: application/json' -H "X-Signature: sha256=${2:-$signature}" \
        --data-binary "$1" "$hook_url")
}

duty_of() {
    request GET "/v1/employees/$1/duties" | jq -r --arg kind "$2" "[.items[] | select(.kind == \$kind)][0].$3"
}

show_duties() {
    camille=$(employee 1012) manager=$(employee 1002)
    expect "rule of Camille's first duty" "$(duty_of "$camille" first rule)" R2.FIRST
    expect "due date" "$(duty_of "$camille" first due)" 2027-01-11
    verified "Camille Roche's first review falls due on 2027-01-11: $(duty_of "$camille" first explanation)"
    expect "rule of Sophie's periodic duty" "$(duty_of "$(employee 1003)" periodic rule)" T.PERIODIC
    verified "Sophie Lacroix's next one on $(duty_of "$(employee 1003)" periodic due): $(duty_of "$(employee 1003)" periodic explanation)"
    expect "state of Camille's duty" "$(duty_of "$camille" first state)" to_plan
    verified "it is to be planned now"
}

show_held_deliveries() {
    expect "deliveries after the import of a whole staff" "$(request GET "/v1/organisations/$organisation" | jq -r .deliveries)" held
    expect "mails in the outbox" "$(find "$outbox" -name '*.eml' | wc -l)" 0
    verified "nothing has left: deliveries are held until HR has looked at them"
    expect "what the command line shows as overdue" "$(ctl duty list --overdue --json | jq '[.items[] | select(.employee_number == "1021")] | length')" 3
    verified "entretienctl lists what is overdue ($(ctl duty list --overdue --json | jq '.items | length') duties)"
    ctl delivery live > /dev/null || fail "entretienctl delivery live"
    expect "deliveries" "$(request GET "/v1/organisations/$organisation" | jq -r .deliveries)" live
    verified "HR sets them live from the command line"
}

show_invitation() {
    review=$(send POST /v1/reviews "{\"employee\": \"$camille\", \"type\": \"professional\", \"interviewer\": \"$manager\",
        \"start\": \"2027-01-06T09:00:00Z\", \"end\": \"2027-01-06T10:00:00Z\", \"mode\": \"onsite\", \"location\": \"Lyon, salle Saône\"}" | member .id)
    verified "a review is planned: $review"
    expect "state after invite" "$(send POST "/v1/reviews/$review/invite" '{}' | jq -r .state)" invited
    local person read
    for person in camille.roche karim.benali; do
        until_true "an invitation to $person" mail_to "$person@" REQUEST
        read=$(/usr/bin/python3 config/demo/read_invitation.py "$(mail_to "$person@" REQUEST)") || fail "the invitation to $person"
        expect "the invitation to $person" "$(cut -d' ' -f1,3- <<< "$read")" "REQUEST 0 2027-01-06T09:00Z NEEDS-ACTION"
        verified "$person has a real invitation (iMIP): $read"
    done
    expect "state of the duty" "$(duty_of "$camille" first state)" planned
}

show_feed() {
    curl -fsS -D "$state/feed.head" "$feed_url" -o "$state/feed.ics"
    tr -d '\r' < "$state/feed.ics" | sed ':a;N;$!ba;s/\n //g' | grep -q 'SUMMARY:.*Camille Roche' || fail "the review is not in the manager's feed"
    grep -q '^UID:review-' "$state/feed.ics" || fail "no review in the feed"
    local etag
    etag=$(tr -d '\r' < "$state/feed.head" | sed -n 's/^[Ee][Tt][Aa][Gg]: //p')
    expect "unchanged feed" "$(curl -sS -o /dev/null -w '%{http_code}' -H "If-None-Match: $etag" "$feed_url")" 304
    verified "the manager's subscribed calendar shows it; asked again it answers 304"
}

show_reminders() {
    local before
    before=$(mails_to camille.roche@)
    set_clock 2026-12-30T08:00:00Z
    until_true "the reminder of seven days" more_mails camille.roche@ "$before"
    before=$(mails_to camille.roche@)
    set_clock 2027-01-05T08:00:00Z
    until_true "the reminder of the day before" more_mails camille.roche@ "$before"
    verified "reminders went out seven days and one day before"
}

more_mails() {
    [ "$(mails_to "$1")" -gt "$2" ]
}

show_review() {
    set_clock 2027-01-06T10:30:00Z
    expect "state after hold" "$(send POST "/v1/reviews/$review/hold" "{\"date\": \"2027-01-06\", \"by\": \"$manager\",
        \"themes\": [\"skills\", \"prospects\", \"training_needs\", \"wishes\", \"cpf\"], \"information\": [\"vae\", \"cpf\", \"cep\", \"financing\"]}" | jq -r .state)" held
    verified "the review was held on 2027-01-06, all themes covered"
    expect "state after report" "$(send POST "/v1/reviews/$review/report" '{"reference": "CR-2027-001"}' | jq -r .state)" reported
    printf '%%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%%%EOF\n' > "$state/report.pdf"
    request PUT "/v1/reviews/$review/documents/report" -H 'Content-Type: application/pdf' --data-binary "@$state/report.pdf" > /dev/null
    verified "its report is kept, as PDF with its SHA-256"
    expect "state after copy" "$(send POST "/v1/reviews/$review/copy" '{"date": "2027-01-06", "means": "hand"}' | jq -r .state)" closed
    expect "the first duty" "$(request GET "/v1/employees/$camille/duties" | jq -r '[.history[] | select(.kind == "first")][0].state')" proved
    verified "the copy was handed over: the duty is proved"
    expect "the next duty" "$(duty_of "$camille" periodic due)" 2031-01-06
    verified "the next one falls due on 2031-01-06: $(duty_of "$camille" periodic explanation)"
}

show_training() {
    local need action
    need=$(send POST /v1/needs "{\"employee\": \"$camille\", \"review\": \"$review\", \"title\": \"Gestion de projet\"}" | member .id)
    action=$(send POST /v1/actions "{\"employee\": \"$camille\", \"need\": \"$need\", \"year\": 2027, \"title\": \"Gestion de projet, niveau 1\",
        \"nature\": \"training\", \"origin\": \"review\", \"mandatory\": \"no\", \"source\": \"$source_id\", \"course\": \"PM-101\", \"state\": \"planned\"}" | member .id)
    verified "a need of the review became a planned action: $action"
    local body='{"id": "evt-1", "status": "completed", "completed_at": "2027-03-12T16:05:00Z", "learner": {"email": "camille.roche@ateliers-rhone.example"}, "course": {"id": "PM-101", "title": "Gestion de projet, niveau 1"}}'
    set_clock 2027-03-12T17:00:00Z
    hook "$body" 0000000000000000000000000000000000000000000000000000000000000000
    expect "status of a forged completion" "$hook_status" 401
    verified "a completion with a wrong signature is refused (401)"
    hook "$body"
    expect "status of the completion" "$hook_status" 200
    expect "completions in it" "$(jq -r .completions "$state/hook")" 1
    verified "the LMS posts the signed completion: 200 after it is durable"
    hook "$body"
    expect "duplicates" "$(jq -r .duplicates "$state/hook")" 1
    verified "posted again it is recognised as a duplicate"
    hook "${body/camille.roche/inconnue}"
    hook "$(sed 's/evt-1/evt-2/; s/camille.roche/inconnue/' <<< "$body")"
    expect "quarantined" "$(jq -r .quarantined "$state/hook")" 1
    verified "somebody unknown waits in quarantine"
    expect "state of the action" "$(request GET "/v1/actions/$action" | jq -r .state)" "done"
    expect "evidence" "$(request GET "/v1/actions/$action" | jq -r '.evidence | length')" 1
    verified "the action is proved by that completion"
}

# Four years later the next one falls due, and the manager is told by itself.
show_years() {
    local before
    before=$(mails_to karim.benali@)
    set_clock 2030-10-10T08:00:00Z
    until_true "the duty of 2031 is to be planned" duty_is "$camille" periodic to_plan
    until_true "the manager is asked to plan it" more_mails karim.benali@ "$before"
    verified "in October 2030 that one is to be planned: the manager has been asked to"
}

duty_is() {
    [ "$(duty_of "$1" "$2" state)" = "$3" ]
}

show_trace() {
    request GET "/v1/employees/$camille/trace" > "$state/trace.json"
    local verb
    for verb in employee.created review.created review.invited review.held review.reported review.copied need.created action.created completion.received action.proved; do
        jq -e --arg verb "$verb" '[.items[] | select(.audit.verb == $verb and .audit.hash != null)] | length > 0' "$state/trace.json" > /dev/null ||
            fail "the trace lacks $verb"
    done
    verified "the trace holds every step with its audit record ($(jq '.items | length' "$state/trace.json") entries)"
    request GET "/v1/employees/$camille/trace?format=html" > "$DEMO_DIR/trace.html"
    grep -q '<html' "$DEMO_DIR/trace.html" || fail "the trace is no page"
    expect "audit chain" "$(request GET "/v1/audit/verify?organisation=$organisation" | jq -r .valid)" true
    verified "the audit chain verifies ($(request GET "/v1/audit/head?organisation=$organisation" | jq -r .seq) records)"
}

write_demo_json() {
    rm -f "$DEMO_DIR/demo.json.new"
    (umask 077 && jq -n --arg base_url "$base_url" --arg admin_token "$token" --arg organisation "$organisation" --arg feed_url "$feed_url" \
        --arg hook_url "$hook_url" --arg hook_secret "$hook_secret" --arg outbox "$outbox" \
        '{$base_url, $admin_token, $organisation, $feed_url, $hook_url, $hook_secret, hook_header: "X-Signature", hook_prefix: "sha256=", $outbox}' \
        > "$DEMO_DIR/demo.json.new")
    mv "$DEMO_DIR/demo.json.new" "$DEMO_DIR/demo.json"
}

if [ "$DEMO_ONCE" = yes ]; then
    start_daemon 2026-11-23T08:00:00Z
    set_up_company
    set_up_source
    show_duties
    set_up_feed
    show_held_deliveries
    show_invitation
    show_feed
    show_reminders
    show_review
    show_training
    show_years
    show_trace
    stop_daemon
    echo "main job: $steps steps, all verified"
    exit 0
fi

start_daemon
set_up_company
set_up_source
manager=$(employee 1002)
set_up_feed
write_demo_json
cat << E2

entretiend runs on $base_url with the company of config/demo (deliveries are held until you set them live).
  subscribe a calendar to   $feed_url
  mails go to               $outbox
  token, hook and secrets   $DEMO_DIR/demo.json
  try                       export ENTRETIENCTL_URL=$base_url ENTRETIENCTL_TOKEN=\$(jq -r .admin_token $DEMO_DIR/demo.json) ENTRETIENCTL_ORGANISATION=$organisation
                            $bin/entretienctl duty list --overdue
                            $bin/entretienctl trace 1003
Ctrl-C stops it.
E2
wait "$daemon_pid"
