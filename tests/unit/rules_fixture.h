/* Small builders for the tests of the rules: a policy and a catalogue without any file. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "model/policy.h"

static inline void list_add(od_strings *list, const char *text)
{
	assert_int_equal(od_strings_add(list, text, (size_t) -1), 0);
}

static inline void name_add(
	od_names *names, enum od_name_kind kind, const char *value, unsigned line)
{
	struct od_name *name = od_array_add(names);

	assert_non_null(name);
	name->kind = kind;
	name->value = strdup(value);
	name->origin = (struct od_origin){ "test.ini", line };
	assert_non_null(name->value);
}

static inline void messenger_init(
	struct od_messenger *messenger, const char *id, const char *service, const char *role)
{
	od_messenger_init(messenger);
	messenger->id = strdup(id);
	messenger->name = strdup(id);
	messenger->name[0] = (char) (messenger->name[0] & ~0x20);
	messenger->service = strdup(service);
	messenger->role = strdup(role);
}

static inline void fact_set(struct od_messenger *messenger, enum od_criterion criterion, int level,
	enum od_confidence confidence)
{
	messenger->facts[criterion].level = level;
	messenger->facts[criterion].confidence = confidence;
}

static inline void catalogue_take(struct od_catalogue *catalogue, struct od_messenger *messenger)
{
	assert_int_equal(od_catalogue_add(catalogue, messenger), 0);
	assert_null(messenger->id);
}

/* element and signal are good by every point, telegram is not, fork is another telegram client. */
static inline struct od_catalogue *catalogue_small(void)
{
	static const struct {
		const char *id, *service, *role;
		int e2ee, client;
	} rows[] = {
		{ "telegram", "telegram", "official", 1, 1 },
		{ "fork", "telegram", "third-party-client", 1, 1 },
		{ "element", "matrix", "official", 2, 1 },
		{ "signal", "signal", "official", 2, 1 },
		{ "slack", "slack", "official", 0, 0 },
		{ "chatty", "matrix", "third-party-client", -1, 1 },
	};
	struct od_catalogue *catalogue = od_catalogue_new();

	assert_non_null(catalogue);
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		struct od_messenger m;

		messenger_init(&m, rows[i].id, rows[i].service, rows[i].role);
		fact_set(&m, OD_CRITERION_E2EE, rows[i].e2ee, OD_CONFIDENCE_VERIFIED);
		fact_set(&m, OD_CRITERION_CLIENT, rows[i].client, OD_CONFIDENCE_VERIFIED);
		list_add(&m.executables, rows[i].id);
		list_add(&m.entries, rows[i].id);
		list_add(&m.app_names, m.name);
		catalogue_take(catalogue, &m);
	}
	assert_int_equal(od_catalogue_seal(catalogue), 0);
	return catalogue;
}

static inline struct od_policy *policy_small(void)
{
	struct od_policy *policy = od_policy_new();

	assert_non_null(policy);
	policy->catalogue = catalogue_small();
	return policy;
}
