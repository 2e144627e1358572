/*
 * Memory that runs out, at every single place: loading a set then ends with -ENOMEM and nothing
 * else, hands out no policy, and (under the address sanitizer) loses nothing. Allocations of the
 * house's own code are counted by wrapping them when this program is linked.
 */
#include <errno.h>

#include "ini_fixture.h"

#include "base/error.h"
#include "ini/source.h"

static unsigned long left; /* allocations that still succeed */
static bool counting;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *old, size_t size);
char *__real_strdup(const char *text);
char *__real_strndup(const char *text, size_t size);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *old, size_t size);
char *__wrap_strdup(const char *text);
char *__wrap_strndup(const char *text, size_t size);

static bool runs_out(void)
{
	return counting && left-- == 0;
}

void *__wrap_malloc(size_t size)
{
	return runs_out() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t n, size_t size)
{
	return runs_out() ? NULL : __real_calloc(n, size);
}

void *__wrap_realloc(void *old, size_t size)
{
	return runs_out() ? NULL : __real_realloc(old, size);
}

char *__wrap_strdup(const char *text)
{
	return runs_out() ? NULL : __real_strdup(text);
}

char *__wrap_strndup(const char *text, size_t size)
{
	return runs_out() ? NULL : __real_strndup(text, size);
}

static const char policy_text[] =
	"[company]\nname = Exemplar\n"
	"[enforcement]\nfilesystems = /home, /srv\n"
	"[messengers]\napproved = element\nblocked = telegram\nrequire = e2ee:default\n"
	"[messenger signal]\nverdict = allow\npeople = alice\ngroups = press\nmessage.fr = oui\n"
	"[schedule office]\ntimezone = Europe/Monaco\nmonday-friday = 08:30-12:30, 13:30-17:30\n"
	"12-31 = off\nholidays = mc\nholidays-worked = easter-monday\nlaw = mc\nleave = /x/%u\n"
	"[on-call netops]\npeople = alice\nwork = desktop:x\nfeed = /x.ics\n"
	"window.1 = 2026-11-27 18:00 / 2026-12-04 08:00\n"
	"[notifications]\nwork = element, site:*.example.com\n"
	"[breakthrough x]\nsender = Bob\nkeywords = a, b\n"
	"[sharing x]\npaths = /srv/**\nmime = image/*\ndetect = iban>=2\nmessage.fr = non\n"
	"messengers = quality:no-e2ee\ndetails = y\n";

static void put_set(struct fixture *f)
{
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", policy_text);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini",
		"[sharing x]\npaths += /home/**\n[company]\nname = Other\n");
	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/element.ini",
		"[messenger]\nname = Element\nservice = matrix\n[identity]\nexecutables = a, b\n"
		"[criteria]\ne2ee = default\ne2ee.confidence = verified\ne2ee.text = x\n");
	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/signal.ini",
		"[messenger]\nname = Signal\nservice = signal\n");
	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/telegram.ini",
		"[messenger]\nname = Telegram\nservice = telegram\n");
	put_in(f, OFFDUTY_VENDOR_DIR, "holidays.d/mc.ini",
		"[calendar]\nname = Monaco\n[holidays]\neaster+1 = \"Lundi; id=easter-monday\"\n");
}

static void test_each_allocation_may_fail(void **state)
{
	struct fixture *f = *state;
	unsigned long n = 0;
	int r;

	put_set(f);
	do {
		struct od_policy *policy = NULL;

		left = n++;
		counting = true;
		r = od_ini_load(f->paths, &f->problems, &policy);
		counting = false;
		if (r != 0) {
			assert_int_equal(r, -ENOMEM);
			assert_null(policy);
		}
		assert_int_equal(f->problems.list.n, 0);
		od_policy_unref(policy);
	} while (r != 0);
	print_message("%lu allocations\n", n - 1);
	assert_true(n > 100);
}

static void test_a_fault_that_cannot_be_kept_is_still_a_fault(void **state)
{
	struct fixture *f = *state;
	unsigned long n = 0;
	bool lost;
	int r;

	put_set(f);
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/30-c.ini", "[enforcement]\nmode = adit\nx");
	do {
		struct od_policy *policy = NULL;

		left = n++;
		counting = true;
		r = od_ini_load(f->paths, &f->problems, &policy);
		counting = false;
		assert_true(r == -ENOMEM || r == OD_E_POLICY);
		assert_null(policy);
		lost = f->problems.lost;
		assert_true(r == -ENOMEM || lost || f->problems.list.n == 2);
		od_problems_done(&f->problems);
	} while (r == -ENOMEM || lost);
}

static void test_a_reload_without_memory_keeps_the_policy(void **state)
{
	struct fixture *f = *state;
	struct od_source s = { .paths = *f->paths };
	struct od_policy *first;
	unsigned long n = 0;
	int r;

	put_set(f);
	assert_int_equal(od_source_reload(&s), 0);
	first = s.policy;
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/30-c.ini", "[enforcement]\nmode = audit\n");
	do {
		left = n;
		n += 7; /* each place was tried above */
		counting = true;
		r = od_source_reload(&s);
		counting = false;
		if (r != 0)
			assert_ptr_equal(s.policy, first);
	} while (r != 0);
	assert_int_equal(s.generation, 2);
	od_source_done(&s);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(test_each_allocation_may_fail),
		TEST(test_a_fault_that_cannot_be_kept_is_still_a_fault),
		TEST(test_a_reload_without_memory_keeps_the_policy),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
