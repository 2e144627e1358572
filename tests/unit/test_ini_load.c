/* ini/load: what every section and key becomes in the policy, and how files override each other. */
#include "ini/load.h"

#include "ini_fixture.h"

#include "base/error.h"

#define SECONDS OD_USEC_PER_SEC

static const char *const no_layers[] = { NULL };
static const char *const catalogue[] = { DATA "set/catalogue.d", NULL };
static const char *const holidays[] = { DATA "set/holidays.d", NULL };
static const struct od_ini_paths data_paths = { .policy = no_layers,
	.catalogue = catalogue,
	.holidays = holidays,
	.zoneinfo = "/usr/share/zoneinfo" };

static struct od_policy *loaded(const char *text, size_t warnings)
{
	struct od_policy *policy = NULL;
	struct od_problems problems = { 0 };
	int r = od_ini_load_memory("t.ini", text, strlen(text), &data_paths, &problems, &policy);

	if (r != 0 || problems.list.n != warnings)
		od_problems_print(&problems, stderr);
	assert_int_equal(r, 0);
	assert_int_equal(problems.list.n, warnings);
	od_problems_done(&problems);
	return policy;
}

static void test_nothing_written_gives_the_defaults(void **state)
{
	struct od_policy *p = loaded("", 0);

	(void) state;
	assert_int_equal(p->mode, OD_MODE_ENFORCE);
	assert_true(p->grace_us == 60 * SECONDS);
	assert_int_equal(p->unlisted, OD_VERDICT_WARN);
	assert_int_equal(p->unknown, OD_UNKNOWN_FAIL);
	assert_int_equal(p->browsers, OD_BROWSERS_PRINT);
	assert_int_equal(p->may, OD_MAY_LIFT | OD_MAY_REST | OD_MAY_CHOOSE_DELIVERY);
	assert_true(p->retention_us == 180 * 86400 * SECONDS);
	assert_int_equal(p->filesystems.n, 0);
	assert_false(p->system_users);
	assert_int_equal(od_catalogue_size(p->catalogue), 4);
	assert_int_equal(p->calendars.n, 1);
	assert_int_equal(strlen(p->sha256), 64);
	od_policy_unref(p);
}

static void test_general_keys(void **state)
{
	struct od_policy *p = loaded("[company]\nname = Exemplar\ncontact = it\ncharter = \"a;b\"\n"
				     "[enforcement]\nmode = audit\ngrace = 2m\n"
				     "filesystems = /home, /srv\nsystem-users = on\n"
				     "[browsers]\nmanage = write\nclose-site-permission = yes\n"
				     "[employee]\nmay = lift\n[privacy]\nretention = 30d\n",
		0);

	(void) state;
	assert_string_equal(p->company, "Exemplar");
	assert_string_equal(p->contact, "it");
	assert_string_equal(p->charter, "a;b");
	assert_int_equal(p->mode, OD_MODE_AUDIT);
	assert_true(p->grace_us == 120 * SECONDS);
	assert_int_equal(p->filesystems.n, 2);
	assert_string_equal(p->filesystems.items[1], "/srv");
	assert_true(p->system_users);
	assert_int_equal(p->browsers, OD_BROWSERS_WRITE);
	assert_true(p->close_site_permission);
	assert_int_equal(p->may, OD_MAY_LIFT | OD_MAY_REST); /* rest is nobody's to take */
	assert_true(p->retention_us == 30 * 86400 * SECONDS);
	od_policy_unref(p);
	p = loaded("[employee]\nmay =\n[enforcement]\nfilesystems = all\n", 0);
	assert_int_equal(p->may, OD_MAY_REST);
	assert_int_equal(p->filesystems.n, 0);
	od_policy_unref(p);
}

static void assert_name(const od_names *names, size_t i, enum od_name_kind kind, const char *value)
{
	assert_true(i < names->n);
	assert_int_equal(names->items[i].kind, kind);
	assert_string_equal(names->items[i].value, value);
	assert_string_equal(names->items[i].origin.file, "t.ini");
	assert_true(names->items[i].origin.line > 0);
}

static void test_bare_names_mean_what_their_key_says(void **state)
{
	struct od_policy *p = loaded("[messengers]\n"
				     "approved = signal, service:matrix\n"
				     "blocked = telegram, messenger:nheko\n"
				     "suggest = signal\n"
				     "[notifications]\n"
				     "work = signal, desktop:thunderbird, site:*.example.com/chat\n"
				     "[sharing x]\nmessengers = telegram, quality:no-e2ee, "
				     "carrier:browser, telegram-desktop\n",
		1 /* nheko is approved by its service and blocked itself */);

	(void) state;
	assert_name(&p->approved, 0, OD_NAME_MESSENGER, "signal");
	assert_name(&p->approved, 1, OD_NAME_SERVICE, "matrix");
	assert_name(&p->blocked, 0, OD_NAME_SERVICE, "telegram");
	assert_name(&p->blocked, 1, OD_NAME_MESSENGER, "nheko");
	assert_name(&p->notifications.work, 0, OD_NAME_SERVICE, "signal");
	assert_name(&p->notifications.work, 1, OD_NAME_DESKTOP, "thunderbird");
	assert_name(&p->notifications.work, 2, OD_NAME_SITE, "*.example.com/chat");
	assert_name(&p->sharings.items[0].messengers, 0, OD_NAME_SERVICE, "telegram");
	assert_name(&p->sharings.items[0].messengers, 1, OD_NAME_QUALITY, "no-e2ee");
	assert_name(&p->sharings.items[0].messengers, 2, OD_NAME_CARRIER, "browser");
	assert_name(&p->sharings.items[0].messengers, 3, OD_NAME_MESSENGER, "telegram-desktop");
	od_policy_unref(p);
}

static void test_messenger_sections(void **state)
{
	struct od_policy *p = loaded(
		"[messengers]\nunlisted = block\nunknown = pass\n"
		"require = e2ee:default, client:open\n"
		"[messenger signal]\npeople = alice\ngroups = press, sales\nverdict = allow\n"
		"when = on-duty\nmode = warn\nmessage.fr = \"oui ; non\"\nmessage.fr_CH = x\n"
		"[messenger element]\nmode = audit\n",
		0);
	const struct od_messenger_rule *rule = p->messengers.items;

	(void) state;
	assert_int_equal(p->unlisted, OD_VERDICT_BLOCK);
	assert_int_equal(p->unlisted_origin.line, 2);
	assert_int_equal(p->unknown, OD_UNKNOWN_PASS);
	assert_int_equal(p->require.n, 2);
	assert_int_equal(p->require.items[1].criterion, OD_CRITERION_CLIENT);
	assert_int_equal(p->require.items[1].origin.line, 4);
	assert_int_equal(p->messengers.n, 2);
	assert_string_equal(rule->id, "signal");
	assert_true(rule->has_verdict && rule->verdict == OD_VERDICT_ALLOW);
	assert_string_equal(rule->who.people.items[0], "alice");
	assert_string_equal(rule->who.groups.items[1], "sales");
	assert_int_equal(rule->when, OD_WHEN_ON_DUTY);
	assert_true(rule->has_mode && rule->mode == OD_MODE_WARN);
	assert_string_equal(od_messages_find(&rule->messages, "fr"), "oui ; non");
	assert_string_equal(od_messages_find(&rule->messages, "fr_CH"), "x");
	assert_int_equal(rule->origin.line, 8); /* the verdict decides, not the header */
	assert_false(rule[1].has_verdict);
	assert_int_equal(rule[1].origin.line, 13);
	od_policy_unref(p);
}

static void test_hours(void **state)
{
	struct od_policy *p = loaded("[schedule office]\nmonday-friday = 08:30-12:30, 13:30-17:30\n"
				     "timezone = Europe/Monaco\nbefore = 15m\nafter = 5m\n"
				     "holidays = mc\nholidays-worked = easter-monday\nlaw = mc\n"
				     "leave = /var/lib/offduty/leave/%u.ics\ngroups = staff\n"
				     "cycle = 2w from 2026-01-05\nweek2.saturday = 09:00-12:00\n"
				     "12-31 = off\nmonday -1 may = off\n"
				     "[on-call netops]\npeople = alice\nwork = desktop:alert\n"
				     "window.2 = 2026-12-04 08:00 / 2026-12-05 24:00\n"
				     "window.1 = 2026-11-27 18:00 / 2026-12-04 08:00\n"
				     "feed = /srv/on-call.ics\n",
		0);
	const struct od_policy_schedule *entry = p->schedules.items;
	const struct od_on_call *on_call = p->on_calls.items;

	(void) state;
	assert_int_equal(p->schedules.n, 1);
	assert_string_equal(od_schedule_label(entry->schedule), "office");
	assert_string_equal(od_zone_name(od_schedule_zone(entry->schedule)), "Europe/Monaco");
	assert_string_equal(entry->law, "mc");
	assert_string_equal(entry->leave, "/var/lib/offduty/leave/%u.ics");
	assert_string_equal(entry->who.groups.items[0], "staff");
	assert_int_equal(p->zones.n, 1);
	assert_int_equal(p->on_calls.n, 1);
	assert_int_equal(on_call->windows.n, 2);
	assert_true(on_call->windows.items[0].floating);
	/* 2026-11-27 18:00 on the civil clock; by number, not by line */
	assert_true(on_call->windows.items[0].from_us == INT64_C(1795802400) * SECONDS);
	assert_true(on_call->windows.items[1].until_us == INT64_C(1796515200) * SECONDS);
	assert_string_equal(on_call->feed, "/srv/on-call.ics");
	assert_name(&on_call->work, 0, OD_NAME_DESKTOP, "alert");
	od_policy_unref(p);
}

static void test_a_schedule_without_zone_is_local(void **state)
{
	struct od_policy *p = loaded("[schedule a]\nmonday = 08:30-12:30\n"
				     "[schedule b]\ntimezone = local\nmonday = off\n",
		0);

	(void) state;
	assert_null(od_schedule_zone(p->schedules.items[0].schedule));
	assert_null(od_schedule_zone(p->schedules.items[1].schedule));
	assert_string_equal(p->schedules.items[0].law, "none");
	od_policy_unref(p);
}

static void test_notifications_and_breakthrough(void **state)
{
	struct od_policy *p = loaded(
		"[notifications]\noff-duty = pass\ndeliver = replay\nhold-limit = 2d\n"
		"hold-items = 10\nhold-size = 2M\n"
		"[breakthrough a]\nwork = element\nsender = Ops, Bob\nkeywords.1 = \"a, b\"\n"
		"keywords.2 = c\nurgency = critical\nlimit = 20/d\n[breakthrough b]\n",
		0);
	const struct od_breakthrough *rule = p->breakthroughs.items;

	(void) state;
	assert_int_equal(p->notifications.off_duty, OD_OFF_DUTY_PASS);
	assert_int_equal(p->notifications.deliver, OD_DELIVER_REPLAY);
	assert_true(p->notifications.hold_limit_us == 2 * 86400 * SECONDS);
	assert_true(p->notifications.hold_items == 10);
	assert_true(p->notifications.hold_size == 2 << 20);
	assert_int_equal(p->notifications.origin.line, 1);
	assert_string_equal(rule->label, "a");
	assert_name(&rule->work, 0, OD_NAME_MESSENGER, "element");
	assert_int_equal(rule->senders.n, 2);
	assert_int_equal(rule->keywords.n, 2);
	assert_string_equal(rule->keywords.items[0], "a, b");
	assert_int_equal(rule->urgency, OD_URGENCY_CRITICAL);
	assert_true(rule->limit == 20 && rule->limit_period_us == 86400 * SECONDS);
	assert_true(rule[1].limit == 6 && rule[1].limit_period_us == 3600 * SECONDS);
	assert_int_equal(rule[1].urgency, OD_URGENCY_LOW);
	od_policy_unref(p);
}

static void test_sharing(void **state)
{
	struct od_policy *p =
		loaded("[sharing a]\ndirection = receive\npaths.2 = xdg:documents/Paie/**\n"
		       "paths.1 = \"/srv/a,b/**\"\npaths = ~/x/*, /srv/hr/**\nowner = hr\n"
		       "group = hr, staff\n"
		       "mime = application/pdf, image/*\nlabel = secret\ndetect = iban>=2, nir\n"
		       "extensions = docx, .pdf\nsize-over = 25M\npeople = alice\naction = ask\n"
		       "hold = 30s\non-timeout = block\nremember = 1h\nencrypted = warn\n"
		       "unscannable = block\noverride = code\nmode = warn\nmessage.fr = non\n"
		       "details = https://x.example/y\n[sharing b]\naction = audit\n",
			0);
	const struct od_sharing *rule = p->sharings.items;

	(void) state;
	assert_int_equal(rule->direction, OD_DIRECTION_RECEIVE);
	assert_int_equal(rule->paths.n, 4); /* plain ones first, then by number */
	assert_string_equal(rule->paths.items[0], "~/x/*");
	assert_string_equal(rule->paths.items[2], "/srv/a,b/**");
	assert_string_equal(rule->paths.items[3], "xdg:documents/Paie/**");
	assert_string_equal(rule->owners.items[0], "hr");
	assert_int_equal(rule->groups_of_file.n, 2);
	assert_int_equal(rule->mimes.n, 2);
	assert_int_equal(rule->labels.n, 1);
	assert_int_equal(rule->detect.n, 2);
	assert_string_equal(rule->detect.items[0].detector, "iban");
	assert_int_equal(rule->detect.items[0].at_least, 2);
	assert_int_equal(rule->detect.items[1].at_least, 1);
	assert_int_equal(rule->extensions.n, 2);
	assert_true(rule->has_size_over && rule->size_over == 25 << 20);
	assert_int_equal(rule->who.people.n, 1);
	assert_int_equal(rule->action, OD_VERDICT_ASK);
	assert_true(rule->hold_us == 30 * SECONDS && rule->remember_us == 3600 * SECONDS);
	assert_int_equal(rule->on_timeout, OD_VERDICT_BLOCK);
	assert_int_equal(rule->encrypted, OD_VERDICT_WARN);
	assert_int_equal(rule->unscannable, OD_VERDICT_BLOCK);
	assert_int_equal(rule->override, OD_OVERRIDE_CODE);
	assert_true(rule->has_mode && rule->mode == OD_MODE_WARN);
	assert_string_equal(rule->details, "https://x.example/y");
	assert_int_equal(rule->origin.line, 14);
	assert_int_equal(rule[1].action, OD_VERDICT_ALLOW);
	assert_int_equal(rule[1].direction, OD_DIRECTION_SEND);
	assert_true(rule[1].hold_us == 20 * SECONDS && rule[1].remember_us == 600 * SECONDS);
	assert_false(rule[1].has_size_over);
	od_policy_unref(p);
}

static void test_catalogue_facts(void **state)
{
	struct od_policy *p = loaded("", 0);
	const struct od_messenger *element = od_catalogue_find(p->catalogue, "element");

	(void) state;
	assert_non_null(element);
	assert_string_equal(element->name, "Element");
	assert_string_equal(element->service, "matrix");
	assert_string_equal(element->executables.items[0], "element-desktop");
	assert_int_equal(element->facts[OD_CRITERION_E2EE].level, 2);
	assert_int_equal(element->facts[OD_CRITERION_E2EE].confidence, OD_CONFIDENCE_VERIFIED);
	assert_int_equal(element->facts[OD_CRITERION_PRICE].level, -1);
	assert_string_equal(
		element->facts[OD_CRITERION_E2EE].origin.file, DATA "set/catalogue.d/element.ini");
	assert_int_equal(element->facts[OD_CRITERION_E2EE].origin.line, 7);
	od_policy_unref(p);
}

static void test_warnings_are_no_faults(void **state)
{
	struct od_policy *p = loaded("[messengers]\napproved = nheko, signal\nblocked = signal\n"
				     "require = e2ee:default\nsuggest = signal\n",
		3);

	(void) state;
	od_policy_unref(p);
	/* nheko's client is open, but nobody looked it up */
	od_policy_unref(loaded("[messengers]\napproved = nheko\nrequire = client:open\n", 1));
	od_policy_unref(loaded(
		"[messengers]\napproved = nheko\nrequire = client:open\nunknown = pass\n", 0));
}

static void test_later_files_override_key_by_key(void **state)
{
	struct fixture *f = *state;
	struct od_policy *p = NULL;

	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/10-a.ini",
		"[enforcement]\nmode = audit\ngrace = 2m\n"
		"[sharing s]\npaths = /a, /b\npaths.1 = /c\naction = warn\n"
		"extensions = docx\nmime = text/plain\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini",
		"[enforcement]\nmode = warn\n"
		"[sharing s]\npaths.1 = /d\npaths.2 = /e\nextensions += pdf\nmime =\n"
		"[sharing first]\naction = block\n");
	put_in(f, OFFDUTY_VOLATILE_DIR, "policy.d/30-c.ini",
		"[sharing s]\nextensions += xls, ods\naction = ask\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &p), 0);
	assert_int_equal(f->problems.list.n, 0);
	assert_int_equal(p->mode, OD_MODE_WARN);
	assert_true(p->grace_us == 120 * SECONDS);
	assert_int_equal(p->sharings.n, 2);
	assert_string_equal(p->sharings.items[0].label, "s"); /* order of first appearance */
	assert_int_equal(p->sharings.items[0].paths.n, 4);
	assert_string_equal(p->sharings.items[0].paths.items[2], "/d");
	assert_string_equal(p->sharings.items[0].paths.items[3], "/e");
	assert_int_equal(p->sharings.items[0].extensions.n, 4);
	assert_string_equal(p->sharings.items[0].extensions.items[3], "ods");
	assert_int_equal(p->sharings.items[0].mimes.n, 0);
	assert_int_equal(p->sharings.items[0].action, OD_VERDICT_ASK);
	assert_non_null(strstr(p->sharings.items[0].origin.file, "30-c.ini"));
	assert_int_equal(p->files.n, 3);
	od_policy_unref(p);
}

static void test_a_plain_key_replaces_all_numbered_ones_below(void **state)
{
	struct fixture *f = *state;
	struct od_policy *p = NULL;

	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini",
		"[sharing s]\npaths.1 = /a\npaths.2 = /b\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini",
		"[sharing s]\npaths.1 = /d\npaths = /c\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &p), 0);
	assert_int_equal(p->sharings.items[0].paths.n, 2);
	assert_string_equal(p->sharings.items[0].paths.items[0], "/c");
	assert_string_equal(p->sharings.items[0].paths.items[1], "/d");
	od_policy_unref(p);
}

static void test_an_overridden_fault_is_still_a_fault(void **state)
{
	struct fixture *f = *state;
	struct od_policy *p = NULL;

	put_in(f, OFFDUTY_VENDOR_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = adit\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini", "[enforcement]\nmode = warn\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &p), OD_E_POLICY);
	assert_null(p);
	assert_int_equal(f->problems.list.n, 1);
	assert_string_equal(code_of(f, 0), "bad-word");
	od_problems_done(&f->problems);
	/* but a file of the same name takes the whole file away */
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &p), 0);
	assert_int_equal(p->mode, OD_MODE_WARN);
	od_policy_unref(p);
}

static void test_all_faults_of_all_files_are_reported(void **state)
{
	struct fixture *f = *state;
	struct od_policy *p = NULL;

	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/x.ini", "[messenger]\nname = x\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "holidays.d/x.ini", "[calendar]\nname = x\nlaw = 'y'\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/10-a.ini", "[enforcement]\nmode = x\ngrace = 5\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "policy.d/20-b.ini", "[messengers]\napproved = nobody\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &p), OD_E_POLICY);
	assert_null(p);
	assert_int_equal(f->problems.list.n, 5);
}

static void test_an_admins_catalogue_file_replaces_the_shipped_one(void **state)
{
	struct fixture *f = *state;
	struct od_policy *p = NULL;

	put_in(f, OFFDUTY_VENDOR_DIR, "catalogue.d/x.ini",
		"[messenger]\nname = Old\nservice = x\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "catalogue.d/x.ini", "[messenger]\nname = New\nservice = x\n");
	assert_int_equal(od_ini_load(f->paths, &f->problems, &p), 0);
	assert_int_equal(od_catalogue_size(p->catalogue), 1);
	assert_string_equal(od_catalogue_find(p->catalogue, "x")->name, "New");
	od_policy_unref(p);
}

static void test_single_files_are_layers_in_order(void **state)
{
	struct fixture *f = *state;
	struct od_policy *p = NULL;
	char a[256], b[256];
	const char *const files[] = { b, a, NULL };

	put_in(f, OFFDUTY_ADMIN_DIR, "a.ini", "[enforcement]\nmode = warn\n");
	put_in(f, OFFDUTY_ADMIN_DIR, "b.ini", "[enforcement]\nmode = audit\n");
	snprintf(a, sizeof(a), "%s%s/a.ini", f->root, OFFDUTY_ADMIN_DIR);
	snprintf(b, sizeof(b), "%s%s/b.ini", f->root, OFFDUTY_ADMIN_DIR);
	assert_int_equal(od_ini_load_files(files, f->paths, &f->problems, &p), 0);
	assert_int_equal(p->mode, OD_MODE_WARN); /* a is named last */
	od_policy_unref(p);
	p = NULL;
	(void) unlink(a);
	assert_int_equal(od_ini_load_files(files, f->paths, &f->problems, &p), OD_E_POLICY);
	assert_null(p);
	assert_string_equal(code_of(f, 0), "unreadable");
}

static void test_without_paths_names_are_not_checked(void **state)
{
	const char *text = "[messengers]\napproved = anything\n[schedule x]\nholidays = nowhere\n"
			   "timezone = Nowhere/Atall\nmonday = off\n";
	struct od_problems problems = { 0 };
	struct od_policy *p = NULL;

	(void) state;
	assert_int_equal(od_ini_load_memory("t.ini", text, strlen(text), NULL, &problems, &p), 0);
	assert_int_equal(p->approved.n, 1);
	assert_int_equal(problems.list.n, 0);
	od_policy_unref(p);
}

static void test_paths_are_the_installed_ones_below_any_root(void **state)
{
	struct od_ini_paths *paths = NULL;

	(void) state;
	assert_int_equal(od_ini_paths_new(NULL, &paths), 0);
	assert_string_equal(paths->policy[0], OFFDUTY_VENDOR_DIR "/policy.d");
	assert_string_equal(paths->policy[1], OFFDUTY_ADMIN_DIR "/policy.d");
	assert_string_equal(paths->policy[2], OFFDUTY_VOLATILE_DIR "/policy.d");
	assert_null(paths->policy[3]);
	assert_string_equal(paths->catalogue[0], OFFDUTY_VENDOR_DIR "/catalogue.d");
	assert_string_equal(paths->holidays[1], OFFDUTY_ADMIN_DIR "/holidays.d");
	assert_true(paths->live);
	assert_int_equal(paths->owner, 0);
	od_ini_paths_free(paths);
	assert_int_equal(od_ini_paths_new("/trial", &paths), 0);
	assert_string_equal(paths->policy[1], "/trial" OFFDUTY_ADMIN_DIR "/policy.d");
	assert_int_equal(paths->owner, geteuid());
	od_ini_paths_free(paths);
	od_ini_paths_free(NULL);
}

static void test_local_zone_of_a_host_without_one_is_utc(void **state)
{
	struct od_zone *zone = NULL;

	(void) state;
	assert_int_equal(od_ini_local_zone("/nonexistent/localtime", &zone), 0);
	assert_int_equal(od_zone_offset(zone, 0), 0);
	od_zone_unref(zone);
	zone = NULL;
	assert_int_equal(od_ini_local_zone("/usr/share/zoneinfo/Europe/Monaco", &zone), 0);
	assert_string_equal(od_zone_name(zone), "local");
	assert_int_equal(od_zone_offset(zone, INT64_C(1795802400) * SECONDS), 3600);
	od_zone_unref(zone);
	zone = NULL;
	assert_true(od_ini_local_zone("/etc/passwd", &zone) < 0);
	assert_null(zone);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_nothing_written_gives_the_defaults),
		cmocka_unit_test(test_general_keys),
		cmocka_unit_test(test_bare_names_mean_what_their_key_says),
		cmocka_unit_test(test_messenger_sections),
		cmocka_unit_test(test_hours),
		cmocka_unit_test(test_a_schedule_without_zone_is_local),
		cmocka_unit_test(test_notifications_and_breakthrough),
		cmocka_unit_test(test_sharing),
		cmocka_unit_test(test_catalogue_facts),
		cmocka_unit_test(test_warnings_are_no_faults),
		TEST(test_later_files_override_key_by_key),
		TEST(test_a_plain_key_replaces_all_numbered_ones_below),
		TEST(test_an_overridden_fault_is_still_a_fault),
		TEST(test_all_faults_of_all_files_are_reported),
		TEST(test_an_admins_catalogue_file_replaces_the_shipped_one),
		TEST(test_single_files_are_layers_in_order),
		cmocka_unit_test(test_without_paths_names_are_not_checked),
		cmocka_unit_test(test_paths_are_the_installed_ones_below_any_root),
		cmocka_unit_test(test_local_zone_of_a_host_without_one_is_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
