#pragma once
/* The two languages people read: every sentence exists in both. */

enum lang { LANG_FR, LANG_EN, LANG_COUNT };
