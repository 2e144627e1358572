/*
 * Translation, for the programs that speak to people: command line, notifier, daemons' --help.
 *
 * Never included by policies/model: it reads the environment. Call od_translate_init() first thing
 * in main(); without it every text stays English.
 */
#pragma once

#include <libintl.h>
#include <locale.h>

#include "base/i18n.h"

#define _(text) gettext(text)

/* An od_translate_fn. An empty text stays empty (gettext would yield the catalogue's header). */
static inline const char *od_translate(const char *msgid)
{
	return *msgid ? gettext(msgid) : msgid;
}

/* Language and character set from the environment, texts from @locale_dir. Texts are always handed
 * out as UTF-8 where the locale is UTF-8; elsewhere gettext converts. */
static inline void od_translate_init(const char *locale_dir)
{
	(void) setlocale(LC_ALL, ""); /* fails for a locale that is not installed: then English */
	(void) bindtextdomain(OD_TEXT_DOMAIN, locale_dir);
	(void) textdomain(OD_TEXT_DOMAIN);
}
