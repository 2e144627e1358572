/* Files that correct others, and lists of countries, through a whole root with its layers. */
#include "base/error.h"
#include "model/criteria.h"
#include "unit/ini_fixture.h"

#define SIGNAL                                                                                     \
	"[messenger]\nname = Signal\nservice = signal\n[identity]\nexecutables = signal-desktop\n" \
	"paths.1 = /opt/Signal/signal-desktop\n[criteria]\ne2ee = default\n"                       \
	"e2ee.confidence = verified\nhosting.countries = US\nhosting.confidence = recalled\n"
#define EU "[adequacy]\nauthority = law\nsource = book\nas-of = 2026-11-23\ncountries = FR, DE\n"

static struct od_policy *load(struct fixture *f)
{
	struct od_policy *policy = NULL;
	int r = od_ini_load(f->paths, &f->problems, &policy);

	if (r != 0)
		od_problems_print(&f->problems, stderr);
	assert_int_equal(r, 0);
	assert_int_equal(f->problems.list.n, 0);
	return policy;
}

static void refuse(struct fixture *f, const char *code)
{
	struct od_policy *policy = NULL;

	assert_int_equal(od_ini_load(f->paths, &f->problems, &policy), OD_E_POLICY);
	assert_null(policy);
	assert_string_equal(code_of(f, 0), code);
}

static const struct od_messenger *signal_of(const struct od_policy *policy)
{
	const struct od_messenger *m = od_catalogue_find(policy->catalogue, "signal");

	assert_non_null(m);
	assert_int_equal(od_catalogue_size(policy->catalogue), 1);
	return m;
}

static void test_three_lines_correct_one_fact(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;
	const struct od_fact *fact;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/our-signal.ini",
		"[messenger]\nextends = signal\n[criteria]\ne2ee = optional\n");
	policy = load(f);
	fact = &signal_of(policy)->facts[OD_CRITERION_E2EE];
	assert_int_equal(fact->level, 1);
	assert_int_equal(fact->confidence, OD_CONFIDENCE_VERIFIED); /* as shipped */
	assert_non_null(strstr(fact->origin.file, "our-signal.ini"));
	assert_int_equal(fact->origin.line, 4);
	assert_string_equal(signal_of(policy)->name, "Signal");
	assert_non_null(strstr(signal_of(policy)->origin.file, "/signal.ini"));
	od_policy_unref(policy);
}

static void test_file_that_extends_is_no_messenger(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/a.ini", "[messenger]\nextends = signal\n");
	policy = load(f);
	assert_int_equal(od_catalogue_size(policy->catalogue), 1);
	assert_null(od_catalogue_find(policy->catalogue, "a"));
	od_policy_unref(policy);
}

static void test_later_named_extension_wins(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_VOLATILE_DIR, "catalogue.d/10-a.ini",
		"[messenger]\nextends = signal\nname = First\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/20-b.ini",
		"[messenger]\nextends = signal\nname = Second\n");
	policy = load(f);
	assert_string_equal(signal_of(policy)->name, "Second");
	od_policy_unref(policy);
}

static void test_lists_are_replaced_added_to_and_cleared(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;
	const struct od_messenger *m;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/our-signal.ini",
		"[messenger]\nextends = signal\n[identity]\nexecutables += our-signal\n"
		"paths =\nflatpak = org.signal.Signal\n");
	policy = load(f);
	m = signal_of(policy);
	assert_int_equal(m->executables.n, 2);
	assert_string_equal(m->executables.items[1], "our-signal");
	assert_int_equal(m->paths.n, 0);
	assert_int_equal(m->flatpaks.n, 1);
	od_policy_unref(policy);
}

static void test_same_name_still_replaces_the_whole_file(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/signal.ini",
		"[messenger]\nname = Own\nservice = own\n");
	policy = load(f);
	assert_string_equal(signal_of(policy)->name, "Own");
	assert_int_equal(signal_of(policy)->facts[OD_CRITERION_E2EE].level, -1);
	od_policy_unref(policy);
}

static void test_extending_nothing_is_a_fault(void **state)
{
	struct fixture *f = *state;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/a.ini", "[messenger]\nextends = signall\n");
	refuse(f, "unknown-messenger");
	assert_non_null(strstr(f->problems.list.items[0].text, "did you mean \"signal\"?"));
	assert_int_equal(f->problems.list.items[0].line, 2);
}

static void test_extending_an_extension_or_oneself_is_a_fault(void **state)
{
	struct fixture *f = *state;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/a.ini", "[messenger]\nextends = signal\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/b.ini", "[messenger]\nextends = a\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/c.ini", "[messenger]\nextends = c\n");
	refuse(f, "bad-extends");
	assert_string_equal(code_of(f, 1), "bad-extends");
	assert_int_equal(f->problems.list.n, 2);
}

static void test_fault_in_an_overridden_line_is_a_fault(void **state)
{
	struct fixture *f = *state;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini",
		SIGNAL "price = cheap\nprice.confidence = verified\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/a.ini",
		"[messenger]\nextends = signal\n[criteria]\nprice = free\n");
	refuse(f, "bad-level");
	assert_int_equal(f->problems.list.n, 1);
}

static void test_word_extends_elsewhere_changes_nothing(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini",
		"; extends nothing\n" SIGNAL "e2ee.text = extends to calls\n");
	policy = load(f);
	assert_string_equal(signal_of(policy)->facts[OD_CRITERION_E2EE].text, "extends to calls");
	od_policy_unref(policy);
}

static int hosting(struct fixture *f)
{
	struct od_policy *policy = load(f);
	int level = signal_of(policy)->facts[OD_CRITERION_HOSTING].level;

	od_policy_unref(policy);
	return level;
}

/* The lists sort before and behind the messenger: the order of files does not count. */
static void test_hosting_follows_the_lists_of_countries(void **state)
{
	struct fixture *f = *state;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/zz-eu.ini", EU);
	assert_int_equal(hosting(f), 0);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/our-signal.ini",
		"[messenger]\nextends = signal\n[criteria]\nhosting.countries += FR\n");
	assert_int_equal(hosting(f), 1);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/our-signal.ini",
		"[messenger]\nextends = signal\n[criteria]\nhosting.countries = FR, DE\n");
	assert_int_equal(hosting(f), 2);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/zz-eu.ini",
		"[adequacy]\nauthority = us\nsource = own\nas-of = 2026-11-24\ncountries = DE\n");
	assert_int_equal(hosting(f), 1);
}

static void test_stated_hosting_wins_over_places(void **state)
{
	struct fixture *f = *state;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/our-signal.ini",
		"[messenger]\nextends = signal\n[criteria]\nhosting = adequate\n");
	assert_int_equal(hosting(f), 2);
}

static void test_list_is_no_messenger_and_stands_alone(void **state)
{
	struct fixture *f = *state;
	struct od_policy *policy;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/eu.ini", EU);
	policy = load(f);
	assert_int_equal(od_catalogue_size(policy->catalogue), 0);
	assert_int_equal(od_catalogue_adequacies(policy->catalogue)->n, 1);
	assert_string_equal(od_catalogue_adequacies(policy->catalogue)->items[0].id, "eu");
	od_policy_unref(policy);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/eu.ini", EU "[messenger]\nname = x\n");
	refuse(f, "not-together");
}

static void test_machine_is_not_a_messenger_whatever_the_policy_says(void **state)
{
	struct fixture *f = *state;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini", SIGNAL);
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/our-signal.ini",
		"[messenger]\nextends = signal\n[identity]\nexecutables += bash\n");
	refuse(f, "blast-radius");
	assert_int_equal(f->problems.list.items[0].line, 4);
	assert_non_null(strstr(f->problems.list.items[0].file, "our-signal.ini"));
}

#define IN_ROOT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_ROOT(test_three_lines_correct_one_fact),
		IN_ROOT(test_file_that_extends_is_no_messenger),
		IN_ROOT(test_later_named_extension_wins),
		IN_ROOT(test_lists_are_replaced_added_to_and_cleared),
		IN_ROOT(test_same_name_still_replaces_the_whole_file),
		IN_ROOT(test_extending_nothing_is_a_fault),
		IN_ROOT(test_extending_an_extension_or_oneself_is_a_fault),
		IN_ROOT(test_fault_in_an_overridden_line_is_a_fault),
		IN_ROOT(test_word_extends_elsewhere_changes_nothing),
		IN_ROOT(test_hosting_follows_the_lists_of_countries),
		IN_ROOT(test_stated_hosting_wins_over_places),
		IN_ROOT(test_list_is_no_messenger_and_stands_alone),
		IN_ROOT(test_machine_is_not_a_messenger_whatever_the_policy_says),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
