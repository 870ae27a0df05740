#pragma once
/* What a use case did to the thing it was asked about. */

enum outcome { OUTCOME_CREATED, OUTCOME_UPDATED, OUTCOME_UNCHANGED };
