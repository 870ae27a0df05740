/* Commands about the server itself: its state, tokens, the audit chain, any request. Constant data. */
#include "commands.h"
#include "internal.h"

static const struct parameter help_parameters[] = {
    OPTIONAL("COMMAND", VALUE_TEXT, PLACE_RUN, NULL, "which one: review"),
    OPTIONAL("OF", VALUE_TEXT, PLACE_RUN, NULL, "its second word: hold"),
    {.name = "--man", .kind = VALUE_SET, .doc = "print all of it as a page of manual"},
};

static const struct parameter init_parameters[] = {
    {.name = "--name", .kind = VALUE_TEXT, .doc = "of the organisation"},
    {.name = "--siren", .kind = VALUE_TEXT, .doc = "of the organisation, nine digits"},
    {.name = "--email",
        .kind = VALUE_TEXT,
        .argument = "ADDRESS",
        .doc = "mailbox of human resources, which invitations come from"},
    {.name = "--relay",
        .kind = VALUE_TEXT,
        .argument = "URL",
        .doc = "mail relay, smtp://host:port or smtps://host:port; without one nothing is sent"},
    {.name = "--base-url", .kind = VALUE_TEXT, .argument = "URL", .doc = "address people reach it by"},
    {.name = "--file",
        .kind = VALUE_FILE,
        .doc = "the configuration to write, /etc/entretiend/entretiend.conf unless told"},
    {.name = "--data",
        .kind = VALUE_TEXT,
        .argument = "DIRECTORY",
        .doc = "the data directory, /var/lib/entretiend unless told"},
    {.name = "--force", .kind = VALUE_SET, .doc = "replace a configuration that somebody wrote"},
};

static const struct parameter backup_parameters[] = {
    ARGUMENT("FILE", VALUE_TEXT, PLACE_RUN, NULL, "a new file"),
};

static const struct parameter retention_parameters[] = {
    {.name = "--dry-run", .kind = VALUE_SET, .doc = "only tell what would go, and who"},
};

VIEW(token_view, "no tokens", COLUMN("id", "/id"), COLUMN("label", "/label", .stretch = true),
    COLUMN("scopes", "/scopes"), COLUMN("organisation", "/organisation"),
    COLUMN("expires", "/expires_at", .cell = CELL_INSTANT),
    COLUMN("last used", "/last_used", .cell = CELL_INSTANT),
    COLUMN("revoked", "/revoked_at", .cell = CELL_INSTANT));

static const struct parameter token_create_parameters[] = {
    {.name = "--scope",
        .kind = VALUE_TEXTS,
        .place = PLACE_BODY,
        .to = "/scopes",
        .required = true,
        .doc = "admin, hr, read, manager, ingest, provision, audit: one or several"},
    IN_BODY("--label", VALUE_TEXT, "/label", "what it is for"),
    IN_BODY("--employee", VALUE_PERSON, "/employee", "of a manager's token: whose team it sees"),
    IN_BODY("--expires", VALUE_INSTANT, "/expires_at", "never unless told"),
};

static const struct parameter id_parameters[] = {ARGUMENT("ID", VALUE_TEXT, PLACE_PATH, "id", "which one")};

VIEW(audit_view, "no records", COLUMN("seq", "/seq", .cell = CELL_NUMBER),
    COLUMN("at", "/at", .cell = CELL_INSTANT), COLUMN("actor", "/actor", .stretch = true),
    COLUMN("verb", "/verb"), COLUMN("subject", "/subject", .stretch = true),
    COLUMN("payload", "/payload", .stretch = true));

static const struct parameter audit_list_parameters[] = {
    IN_QUERY("--subject", VALUE_TEXT, "subject", "only about this id"),
    IN_QUERY("--after", VALUE_INT, "after", "only after this number; with --newest before it"),
    {.name = "--newest",
        .kind = VALUE_SET,
        .place = PLACE_QUERY,
        .to = "order",
        .fixed = "newest",
        .doc = "the newest first"},
};

static const struct parameter api_parameters[] = {
    ARGUMENT("METHOD", VALUE_TEXT, PLACE_RUN, NULL, "GET, POST, PUT, PATCH, DELETE"),
    ARGUMENT("PATH", VALUE_TEXT, PLACE_RUN, NULL, "with its query: /v1/duties?state=overdue"),
    OPTIONAL("BODY", VALUE_TEXT, PLACE_RUN, NULL, "the body; @FILE: of a file; -: standard input"),
    {.name = "--type",
        .kind = VALUE_TEXT,
        .argument = "TYPE",
        .doc = "media type of the body, JSON unless told"},
    {.name = "--accept", .kind = VALUE_TEXT, .argument = "TYPE", .doc = "media type wanted"},
    {.name = "--output", .letter = "-o", .kind = VALUE_FILE, .doc = "write the answer into FILE"},
};

static const struct command commands[] = {
    {.name = "help",
        .doc = "Tells what commands there are, or what one takes",
        PARAMETERS(help_parameters),
        .run = run_help},
    {.name = "status",
        .doc = "Says whether the server is well, and which organisations the token sees",
        .run = run_status},
    {.name = "init",
        .doc =
            "Sets up a new entretiend on this host: asks what no flag says, leaves a configuration, the first "
            "organisation, an admin token; starts nothing",
        PARAMETERS(init_parameters),
        .unbound = true,
        .run = run_init},
    {.name = "backup",
        .doc = "Takes a verified copy of the whole store from the server; needs an admin token for all "
               "organisations",
        .request = "GET /v1/backup",
        .unbound = true,
        .accepts = "application/vnd.sqlite3",
        PARAMETERS(backup_parameters),
        .run = run_backup},
    {.name = "selfcheck",
        .doc = "Has the server check its whole store now, every audit chain and every table, and says what it "
               "found; exit code 1 when something does not hold; needs an admin token for all organisations",
        .request = "POST /v1/selfcheck",
        .unbound = true,
        .show = SHOW_RECORD,
        .run = run_selfcheck},
    {.name = "retention",
        .doc = "Has the server empty and erase now what has outlived its term, as it does every night: "
               "contents of "
               "mails, raw bodies, people who left long ago; exit code 1 when it does not end",
        .request = "POST /v1/retention",
        PARAMETERS(retention_parameters),
        .run = run_retention},
    {.name = "token list",
        .doc = "Lists access tokens, revoked ones included",
        .request = "GET /v1/tokens",
        .list = true,
        .view = &token_view},
    {.name = "token create",
        .doc = "Makes an access token and shows it, once",
        .request = "POST /v1/tokens",
        PARAMETERS(token_create_parameters),
        .show = SHOW_RECORD},
    {.name = "token revoke",
        .doc = "Revokes an access token at once",
        .request = "DELETE /v1/tokens/{id}",
        PARAMETERS(id_parameters)},
    {.name = "audit list",
        .doc = "Lists the records of the audit chain",
        .request = "GET /v1/audit",
        .list = true,
        PARAMETERS(audit_list_parameters),
        .view = &audit_view},
    {.name = "audit head",
        .doc = "Shows the newest record's number and hash: keep it elsewhere",
        .request = "GET /v1/audit/head",
        .show = SHOW_RECORD},
    {.name = "audit verify",
        .doc = "Verifies the whole chain; exit code 1 when it is broken",
        .request = "GET /v1/audit/verify",
        .show = SHOW_RECORD,
        .run = run_audit_verify},
    {.name = "api",
        .doc = "Sends any request and prints the answer as it is",
        PARAMETERS(api_parameters),
        .run = run_api},
};

GROUP(daemon_commands, "The server", commands);
