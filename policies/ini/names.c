/*
 * Names: "signal", "service:telegram", "desktop:netops-alert", "site:*.sharepoint.com".
 *
 * What a bare name means depends on the key (the flags of its row); what is known is in the
 * catalogue, which is read before. A name nobody knows is a fault, because a rule about it would
 * never match and nobody would notice.
 */
#include "ini/names.h"

#include <errno.h>
#include <string.h>

#include "base/nearest.h"

static const struct {
	const char *prefix;
	enum od_name_kind kind;
	unsigned needs; /* flag of the row; 0: everywhere */
} prefixes[] = {
	{ "messenger:", OD_NAME_MESSENGER, 0 },
	{ "service:", OD_NAME_SERVICE, 0 },
	{ "desktop:", OD_NAME_DESKTOP, OD_NAMES_WORK },
	{ "site:", OD_NAME_SITE, OD_NAMES_WORK },
	{ "quality:", OD_NAME_QUALITY, OD_NAMES_SHARING },
	{ "carrier:", OD_NAME_CARRIER, OD_NAMES_SHARING },
};

static const struct od_catalogue *catalogue_of(const struct od_value *value)
{
	return value->build->paths ? value->build->policy->catalogue : NULL;
}

static const char *catalogue_nearest(const struct od_value *value, const char *name)
{
	return od_catalogue_nearest(catalogue_of(value), name);
}

static bool messenger_ok(const struct od_value *value, const char *name)
{
	const struct od_catalogue *catalogue = catalogue_of(value);

	if (!catalogue || od_catalogue_find(catalogue, name))
		return true;
	if (od_catalogue_has_service(catalogue, name)) {
		od_value_fault(value, 0, "service-not-messenger",
			N_("\"%s\" is a service, not one of its messengers; write service:%s for "
			   "all of them"),
			name, name);
		return false;
	}
	od_value_fault(value, 0, "unknown-messenger", N_("no messenger is called \"%s\""), name);
	od_problem_suggest(value->build->problems, catalogue_nearest(value, name));
	return false;
}

static bool service_ok(const struct od_value *value, const char *name)
{
	const struct od_catalogue *catalogue = catalogue_of(value);

	if (!catalogue || od_catalogue_has_service(catalogue, name))
		return true;
	od_value_fault(value, 0, "unknown-service", N_("no service is called \"%s\""), name);
	od_problem_suggest(value->build->problems, catalogue_nearest(value, name));
	return false;
}

static bool desktop_ok(const struct od_value *value, const char *id)
{
	size_t n = strlen(id);

	if (n > 8 && strcmp(id + n - 8, ".desktop") == 0) {
		od_value_fault(value, 0, "bad-desktop-id",
			N_("write the name of the desktop entry without \".desktop\""));
		return false;
	}
	if (n > 0 && n <= 255 && !strpbrk(id, "/: \t"))
		return true;
	od_value_fault(value, 0, "bad-desktop-id", N_("\"%s\" is no name of a desktop entry"), id);
	return false;
}

static bool host_label_ok(const char *label, size_t n)
{
	if (n == 0 || n > 63 || label[0] == '-' || label[n - 1] == '-')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!(label[i] >= 'a' && label[i] <= 'z') &&
			!(label[i] >= '0' && label[i] <= '9') && label[i] != '-')
			return false;
	return true;
}

static bool host_ok(const char *host, size_t n)
{
	const char *end = host + n;

	if (n > 2 && host[0] == '*' && host[1] == '.')
		host += 2;
	if (n > 253 || host == end)
		return false;
	while (host <= end) {
		const char *dot = memchr(host, '.', (size_t) (end - host));

		if (!dot)
			dot = end;
		if (!host_label_ok(host, (size_t) (dot - host)))
			return false;
		host = dot + 1;
	}
	return true;
}

static bool site_ok(const struct od_value *value, const char *site)
{
	if (host_ok(site, strcspn(site, "/")) && !strpbrk(site, " \t"))
		return true;
	od_value_fault(value, 0, "bad-site",
		N_("\"%s\" is no web site; write site:chat.example.com, site:*.example.com or "
		   "site:example.com/path, in small letters"),
		site);
	return false;
}

static bool quality_ok(const struct od_value *value, const char *quality)
{
	if (od_quality_known(quality))
		return true;
	od_value_fault(value, 0, "unknown-quality",
		N_("no quality is called \"%s\"; write for instance quality:no-e2ee"), quality);
	return false;
}

static bool carrier_ok(const struct od_value *value, const char *carrier)
{
	if (strcmp(carrier, "browser") == 0)
		return true;
	od_value_fault(value, 0, "unknown-carrier", N_("the only carrier is carrier:browser"));
	return false;
}

static bool name_ok(const struct od_value *value, enum od_name_kind kind, const char *name)
{
	switch (kind) {
	case OD_NAME_MESSENGER:
		return messenger_ok(value, name);
	case OD_NAME_SERVICE:
		return service_ok(value, name);
	case OD_NAME_DESKTOP:
		return desktop_ok(value, name);
	case OD_NAME_SITE:
		return site_ok(value, name);
	case OD_NAME_QUALITY:
		return quality_ok(value, name);
	case OD_NAME_CARRIER:
		return carrier_ok(value, name);
	}
	return false;
}

static int add_name(
	const struct od_value *value, enum od_name_kind kind, const char *text, od_names *names)
{
	struct od_name *name;

	if (!name_ok(value, kind, text))
		return 0;
	name = od_array_add(names);
	if (!name)
		return -ENOMEM;
	name->kind = kind;
	name->origin = value->origin;
	name->value = strdup(text);
	if (name->value)
		return 0;
	names->n--;
	return -ENOMEM;
}

static void report_prefix(const struct od_value *value, bool known)
{
	static const char *const names[] = { "messenger", "service", "desktop", "site", "quality",
		"carrier" };
	char prefix[16];

	snprintf(prefix, sizeof(prefix), "%.*s", (int) strcspn(value->text, ":"), value->text);
	if (known) {
		od_value_fault(value, 0, "name-not-here", N_("\"%s:\" cannot be named in \"%s\""),
			prefix, value->key->name);
		return;
	}
	od_value_fault(value, 0, "unknown-prefix", N_("\"%s:\" is no kind of name"), prefix);
	od_problem_suggest(
		value->build->problems, od_nearest_of(prefix, names, OD_ELEMENTS(names)));
}

static bool bare_means_service(const struct od_value *value)
{
	const struct od_catalogue *catalogue = catalogue_of(value);

	if (!(value->key->names & OD_NAMES_SERVICE))
		return false;
	return !catalogue || od_catalogue_has_service(catalogue, value->text);
}

int od_names_set(const struct od_value *value, od_names *names)
{
	for (size_t i = 0; i < OD_ELEMENTS(prefixes); i++) {
		size_t n = strlen(prefixes[i].prefix);

		if (strncmp(value->text, prefixes[i].prefix, n) != 0)
			continue;
		if (prefixes[i].needs && !(value->key->names & prefixes[i].needs)) {
			report_prefix(value, true);
			return 0;
		}
		return add_name(value, prefixes[i].kind, value->text + n, names);
	}
	if (strchr(value->text, ':')) {
		report_prefix(value, false);
		return 0;
	}
	return add_name(value, bare_means_service(value) ? OD_NAME_SERVICE : OD_NAME_MESSENGER,
		value->text, names);
}
