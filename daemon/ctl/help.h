#pragma once
/* What the tables say, in the words that help and manual share. */
#include "base/buf.h"
#include "command.h"

/* "--date DATE", "NUMBER" */
void help_name(struct buf *out, const struct parameter *parameter);
/* "review hold REVIEW --date DATE [FLAG...]" */
void help_usage(struct buf *out, const struct command *command);

extern const char help_introduction[], help_settings[], help_exit[];
