#include "model/asked.h"

#include <stdio.h>
#include <string.h>

#define HOST_MAX  256
#define PATH_MOST 1024

static const char *skip_scheme(const char *what)
{
	static const char *const schemes[] = { "https://", "http://", "site:" };

	for (size_t i = 0; i < OD_ELEMENTS(schemes); i++)
		if (strncmp(what, schemes[i], strlen(schemes[i])) == 0)
			return what + strlen(schemes[i]);
	return NULL;
}

bool od_asked_is_site(const char *what)
{
	return skip_scheme(what) != NULL;
}

const char *od_asked_kind_to_string(enum od_asked_kind kind)
{
	switch (kind) {
	case OD_ASKED_PROGRAM:
		return "program";
	case OD_ASKED_MESSENGER:
		return "messenger";
	case OD_ASKED_SITE:
		return "site";
	}
	return "messenger";
}

/* "user@HOST:8443/path?query": the host in lower case, and the path (empty: none). */
static bool split(const char *at, char host[HOST_MAX], char path[PATH_MOST])
{
	size_t length = strcspn(at, "/?#"), n = 0;
	const char *name = at;

	for (const char *c = at; c < at + length; c++)
		if (*c == '@')
			name = c + 1;
	for (const char *c = name; c < at + length && *c != ':'; c++) {
		if (n + 1 >= HOST_MAX)
			return false;
		host[n++] = (char) (*c >= 'A' && *c <= 'Z' ? *c + ('a' - 'A') : *c);
	}
	host[n] = '\0';
	at += length;
	return n > 0 && snprintf(path, PATH_MOST, "%.*s", (int) strcspn(at, "?#"), at) < PATH_MOST;
}

static const struct od_messenger *first_of_service(
	const struct od_catalogue *catalogue, const char *service)
{
	const struct od_messenger *any = NULL;

	for (size_t i = 0; i < od_catalogue_size(catalogue); i++) {
		const struct od_messenger *messenger = od_catalogue_at(catalogue, i);

		if (strcmp(messenger->service, service) != 0)
			continue;
		if (messenger->role && strcmp(messenger->role, "official") == 0)
			return messenger;
		any = any ? any : messenger;
	}
	return any;
}

static bool find_name(const struct od_catalogue *catalogue, const char *what, struct od_asked *ret)
{
	bool service = strncmp(what, "service:", 8) == 0;

	ret->kind = OD_ASKED_MESSENGER;
	if (service)
		what += 8;
	else if (strncmp(what, "messenger:", 10) == 0)
		what += 10;
	ret->messenger = service ? NULL : od_catalogue_find(catalogue, what);
	if (!ret->messenger)
		ret->messenger = first_of_service(catalogue, what);
	return ret->messenger != NULL;
}

bool od_asked_find(const struct od_catalogue *catalogue, const char *what, const char *home,
	struct od_asked *ret)
{
	const struct od_program program = { .path = what, .home = home };
	const char *site = skip_scheme(what);
	char host[HOST_MAX], path[PATH_MOST];

	*ret = (struct od_asked){ 0 };
	if (*what == '/') {
		ret->kind = OD_ASKED_PROGRAM;
		if (catalogue)
			ret->messenger = od_catalogue_match_program(catalogue, &program, NULL);
		return true;
	}
	if (!site)
		return catalogue && find_name(catalogue, what, ret);
	ret->kind = OD_ASKED_SITE;
	if (!split(site, host, path))
		return false;
	if (catalogue)
		ret->messenger = od_catalogue_match_site(catalogue, host, path[0] ? path : "/");
	return true;
}
