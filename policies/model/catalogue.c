/*
 * The list of messengers: filled, sealed (sorted by id, indexed), read.
 *
 * Look-ups are in catalogue_index.c, what they mean in catalogue_match.c.
 */
#include "model/catalogue.h"

#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/nearest.h"
#include "model/catalogue_index.h"

struct od_catalogue *od_catalogue_new(void)
{
	return calloc(1, sizeof(struct od_catalogue));
}

void od_messenger_init(struct od_messenger *messenger)
{
	memset(messenger, 0, sizeof(*messenger));
	for (size_t i = 0; i < OD_CRITERION_MAX_; i++)
		messenger->facts[i].level = -1;
}

void od_messenger_done(struct od_messenger *messenger)
{
	od_strings *const lists[] = {
		&messenger->executables,
		&messenger->paths,
		&messenger->flatpaks,
		&messenger->snaps,
		&messenger->appimages,
		&messenger->asars,
		&messenger->argv,
		&messenger->desktops,
		&messenger->app_names,
		&messenger->entries,
		&messenger->origins,
		&messenger->hosting_countries,
		&messenger->hosting_jurisdictions,
	};
	char *const texts[] = {
		messenger->id,
		messenger->name,
		messenger->vendor,
		messenger->service,
		messenger->role,
		messenger->kind,
		messenger->status,
		messenger->as_of,
	};

	for (size_t i = 0; i < OD_ELEMENTS(lists); i++)
		od_strings_done(lists[i]);
	for (size_t i = 0; i < OD_ELEMENTS(texts); i++)
		free(texts[i]);
	for (size_t i = 0; i < OD_CRITERION_MAX_; i++) {
		free(messenger->facts[i].text);
		free(messenger->facts[i].source);
		free(messenger->facts[i].as_of);
	}
	memset(messenger, 0, sizeof(*messenger));
}

int od_catalogue_add(struct od_catalogue *catalogue, struct od_messenger *messenger)
{
	struct od_messenger *slot;

	if (!messenger->id || !messenger->id[0] || !messenger->service || !messenger->service[0])
		return OD_E_SYNTAX;
	slot = od_array_add(&catalogue->messengers);
	if (!slot)
		return -ENOMEM;
	*slot = *messenger;
	slot->serial = catalogue->messengers.n;
	memset(messenger, 0, sizeof(*messenger));
	return 0;
}

int od_catalogue_add_adequacy(struct od_catalogue *catalogue, struct od_adequacy *adequacy)
{
	struct od_adequacy *slot = od_array_add(&catalogue->adequacies);

	if (!slot)
		return -ENOMEM;
	*slot = *adequacy;
	memset(adequacy, 0, sizeof(*adequacy));
	return 0;
}

static int by_id(const void *a, const void *b)
{
	const struct od_messenger *left = a, *right = b;

	int order = strcmp(left->id, right->id);

	return order ? order : (left->serial > right->serial) - (left->serial < right->serial);
}

/* Of several with one id the last that was added stays. */
static void drop_replaced(struct od_catalogue *catalogue)
{
	struct od_messenger *items = catalogue->messengers.items;
	size_t kept = 0;

	for (size_t i = 0; i < catalogue->messengers.n; i++) {
		if (i + 1 < catalogue->messengers.n && strcmp(items[i].id, items[i + 1].id) == 0)
			od_messenger_done(&items[i]);
		else
			items[kept++] = items[i];
	}
	catalogue->messengers.n = kept;
}

static void derive_hosting(struct od_catalogue *catalogue)
{
	od_array_foreach (messenger, &catalogue->messengers)
		if (!messenger->hosting_stated && messenger->hosting_countries.n > 0)
			messenger->facts[OD_CRITERION_HOSTING].level = od_adequacy_level(
				&catalogue->adequacies, &messenger->hosting_countries);
}

int od_catalogue_seal(struct od_catalogue *catalogue)
{
	int r;

	if (catalogue->sealed)
		return 0;
	if (catalogue->messengers.n > 0)
		qsort(catalogue->messengers.items, catalogue->messengers.n,
			sizeof(*catalogue->messengers.items), by_id);
	drop_replaced(catalogue);
	derive_hosting(catalogue);
	r = od_index_build(&catalogue->index, catalogue->messengers.items, catalogue->messengers.n);
	if (r != 0) {
		od_index_done(&catalogue->index);
		return r;
	}
	catalogue->sealed = true;
	return 0;
}

void od_catalogue_free(struct od_catalogue *catalogue)
{
	if (!catalogue)
		return;
	od_array_foreach (messenger, &catalogue->messengers)
		od_messenger_done(messenger);
	free(catalogue->messengers.items);
	od_array_foreach (list, &catalogue->adequacies)
		od_adequacy_done(list);
	free(catalogue->adequacies.items);
	od_index_done(&catalogue->index);
	free(catalogue);
}

size_t od_catalogue_size(const struct od_catalogue *catalogue)
{
	return catalogue->messengers.n;
}

const struct od_messenger *od_catalogue_at(const struct od_catalogue *catalogue, size_t index)
{
	return index < catalogue->messengers.n ? &catalogue->messengers.items[index] : NULL;
}

const struct od_messenger *od_catalogue_find(const struct od_catalogue *catalogue, const char *id)
{
	const struct od_index_key *key =
		od_index_next(&catalogue->index, OD_INDEX_ID, id, strlen(id), NULL);

	return key ? &catalogue->messengers.items[key->messenger] : NULL;
}

bool od_catalogue_has_service(const struct od_catalogue *catalogue, const char *service)
{
	return od_index_next(&catalogue->index, OD_INDEX_SERVICE, service, strlen(service), NULL);
}

const struct od_messenger *od_catalogue_of_service(
	const struct od_catalogue *catalogue, const char *service, const struct od_messenger *after)
{
	const struct od_index_key *key = NULL;

	while ((key = od_index_next(
			&catalogue->index, OD_INDEX_SERVICE, service, strlen(service), key))) {
		const struct od_messenger *messenger = &catalogue->messengers.items[key->messenger];

		if (!after)
			return messenger;
		if (messenger == after)
			after = NULL;
	}
	return NULL;
}

const od_adequacies *od_catalogue_adequacies(const struct od_catalogue *catalogue)
{
	return &catalogue->adequacies;
}

const char *od_catalogue_nearest(const struct od_catalogue *catalogue, const char *name)
{
	struct od_nearest nearest = { .wanted = name };

	od_array_foreach (messenger, &catalogue->messengers) {
		od_nearest_offer(&nearest, messenger->id);
		od_nearest_offer(&nearest, messenger->service);
	}
	return nearest.best;
}
