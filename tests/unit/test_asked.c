#include "model/asked.h"

#include "unit/rules_fixture.h"

static struct od_catalogue *catalogue_with_sites(void)
{
	struct od_catalogue *catalogue = od_catalogue_new();
	struct od_messenger m;

	assert_non_null(catalogue);
	messenger_init(&m, "webby", "web", "official");
	list_add(&m.origins, "web.example.com");
	list_add(&m.executables, "webby");
	catalogue_take(catalogue, &m);
	messenger_init(&m, "fork", "web", "third-party-client");
	list_add(&m.origins, "mail.example.com/chat");
	catalogue_take(catalogue, &m);
	assert_int_equal(od_catalogue_seal(catalogue), 0);
	return catalogue;
}

static const char *id_of(const struct od_catalogue *catalogue, const char *what)
{
	struct od_asked asked;

	if (!od_asked_find(catalogue, what, NULL, &asked))
		return "unknown";
	return asked.messenger ? asked.messenger->id : "none";
}

static void test_names_programs_and_sites(void **state)
{
	struct od_catalogue *c = catalogue_with_sites();
	static const char *const rows[][2] = {
		{ "webby", "webby" },
		{ "messenger:webby", "webby" },
		{ "web", "webby" }, /* the official one stands for the service */
		{ "service:web", "webby" },
		{ "fork", "fork" },
		{ "service:webby", "unknown" },
		{ "nobody", "unknown" },
		{ "", "unknown" },
		{ "/usr/bin/webby", "webby" },
		{ "/usr/bin/ls", "none" },
		{ "https://web.example.com", "webby" },
		{ "https://WEB.example.com:8443/x?y#z", "webby" },
		{ "http://someone@web.example.com/", "webby" },
		{ "site:web.example.com", "webby" },
		{ "https://mail.example.com/chat", "fork" },
		{ "https://mail.example.com/", "none" },
		{ "https://example.org/", "none" },
		{ "https://", "unknown" },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++)
		assert_string_equal(id_of(c, rows[i][0]), rows[i][1]);
	od_catalogue_free(c);
}

static void test_kinds(void **state)
{
	struct od_asked asked;

	(void) state;
	assert_true(od_asked_find(NULL, "/bin/ls", NULL, &asked));
	assert_string_equal(od_asked_kind_to_string(asked.kind), "program");
	assert_true(od_asked_find(NULL, "https://example.org", NULL, &asked));
	assert_string_equal(od_asked_kind_to_string(asked.kind), "site");
	assert_false(od_asked_find(NULL, "signal", NULL, &asked));
	assert_string_equal(od_asked_kind_to_string(OD_ASKED_MESSENGER), "messenger");
	assert_true(od_asked_is_site("site:x"));
	assert_false(od_asked_is_site("x/y"));
}

static void test_too_long_an_address_is_none(void **state)
{
	struct od_catalogue *c = catalogue_with_sites();
	char text[4096];

	(void) state;
	memset(text, 'a', sizeof(text));
	memcpy(text, "https://", 8);
	text[sizeof(text) - 1] = '\0';
	assert_string_equal(id_of(c, text), "unknown");
	memcpy(text, "https://x.example/", 18);
	assert_string_equal(id_of(c, text), "unknown");
	od_catalogue_free(c);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_names_programs_and_sites),
		cmocka_unit_test(test_kinds),
		cmocka_unit_test(test_too_long_an_address_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
