#include "model/policy.h"

#include "unit/rules_fixture.h"

static void test_defaults_are_those_of_the_language(void **state)
{
	od_cleanup(od_policy_unrefp) struct od_policy *policy = od_policy_new();

	(void) state;
	assert_int_equal(policy->mode, OD_MODE_ENFORCE);
	assert_true(policy->grace_us == 60 * OD_USEC_PER_SEC);
	assert_int_equal(policy->filesystems.n, 0);
	assert_false(policy->system_users);
	assert_int_equal(policy->unlisted, OD_VERDICT_WARN);
	assert_int_equal(policy->unknown, OD_UNKNOWN_FAIL);
	assert_int_equal(policy->notifications.off_duty, OD_OFF_DUTY_HOLD);
	assert_int_equal(policy->notifications.deliver, OD_DELIVER_DIGEST);
	assert_true(policy->notifications.hold_limit_us == 35 * 86400 * OD_USEC_PER_SEC);
	assert_true(policy->notifications.hold_items == 50000);
	assert_true(policy->notifications.hold_size == 268435456);
	assert_int_equal(policy->browsers, OD_BROWSERS_PRINT);
	assert_false(policy->close_site_permission);
	assert_int_equal(policy->may, OD_MAY_LIFT | OD_MAY_REST | OD_MAY_CHOOSE_DELIVERY);
	assert_true(policy->retention_us == 180 * 86400 * OD_USEC_PER_SEC);
}

static void test_defaults_of_repeated_sections(void **state)
{
	struct od_sharing sharing;
	struct od_breakthrough breakthrough;

	(void) state;
	od_sharing_init(&sharing);
	assert_int_equal(sharing.direction, OD_DIRECTION_SEND);
	assert_int_equal(sharing.action, OD_VERDICT_WARN);
	assert_true(sharing.hold_us == 20 * OD_USEC_PER_SEC);
	assert_true(sharing.remember_us == 600 * OD_USEC_PER_SEC);
	assert_int_equal(sharing.on_timeout, OD_VERDICT_ALLOW);
	assert_int_equal(sharing.encrypted, OD_VERDICT_ALLOW);
	assert_int_equal(sharing.unscannable, OD_VERDICT_ALLOW);
	assert_int_equal(sharing.override, OD_OVERRIDE_ACKNOWLEDGE);
	od_breakthrough_init(&breakthrough);
	assert_int_equal(breakthrough.urgency, OD_URGENCY_LOW);
	assert_int_equal(breakthrough.limit, 6);
	assert_true(breakthrough.limit_period_us == 3600 * OD_USEC_PER_SEC);
	od_sharing_done(&sharing);
	od_sharing_done(&sharing);
	od_breakthrough_done(&breakthrough);
	od_breakthrough_done(&breakthrough);
}

static void test_policy_lives_until_the_last_reference(void **state)
{
	struct od_policy *policy = od_policy_new();

	(void) state;
	assert_ptr_equal(od_policy_ref(policy), policy);
	od_policy_unref(policy);
	assert_int_equal(policy->refs, 1);
	od_policy_unref(policy);
	assert_null(od_policy_ref(NULL));
	od_policy_unref(NULL);
}

/* Everything a policy can hold; the address sanitizer says whether it was all let go. */
static void test_everything_is_freed(void **state)
{
	struct od_policy *policy = policy_small();
	struct od_sharing *sharing = od_array_add(&policy->sharings);
	struct od_breakthrough *breakthrough = od_array_add(&policy->breakthroughs);
	struct od_messenger_rule *rule = od_array_add(&policy->messengers);
	struct od_policy_schedule *schedule = od_array_add(&policy->schedules);
	struct od_on_call *on_call = od_array_add(&policy->on_calls);
	struct od_message *message;
	struct od_detect *detect;

	(void) state;
	policy->company = strdup("Exemplar");
	policy->contact = strdup("it@exemplar.example");
	policy->charter = strdup("https://exemplar.example");
	list_add(&policy->filesystems, "/");
	list_add(&policy->files, "10.ini");
	name_add(&policy->approved, OD_NAME_MESSENGER, "element", 1);
	name_add(&policy->blocked, OD_NAME_SERVICE, "telegram", 2);
	name_add(&policy->suggest, OD_NAME_MESSENGER, "element", 3);
	assert_non_null(od_array_add(&policy->require));
	name_add(&policy->notifications.work, OD_NAME_DESKTOP, "thunderbird", 4);

	od_sharing_init(sharing);
	sharing->label = strdup("payroll");
	sharing->details = strdup("details");
	list_add(&sharing->paths, "/srv/**");
	list_add(&sharing->owners, "root");
	list_add(&sharing->groups_of_file, "hr");
	list_add(&sharing->mimes, "application/pdf");
	list_add(&sharing->labels, "secret");
	list_add(&sharing->extensions, "pdf");
	list_add(&sharing->who.people, "alice");
	name_add(&sharing->messengers, OD_NAME_QUALITY, "no-e2ee", 5);
	detect = od_array_add(&sharing->detect);
	detect->detector = strdup("iban");
	message = od_array_add(&sharing->messages);
	message->lang = strdup("fr");
	message->text = strdup("texte");

	od_breakthrough_init(breakthrough);
	breakthrough->label = strdup("security");
	list_add(&breakthrough->senders, "alice");
	list_add(&breakthrough->keywords, "fire");
	name_add(&breakthrough->work, OD_NAME_MESSENGER, "element", 6);

	rule->id = strdup("signal");
	list_add(&rule->who.groups, "press-office");
	message = od_array_add(&rule->messages);
	message->lang = strdup("fr");
	message->text = strdup("texte");

	schedule->leave = strdup("/x/%u.ics");
	schedule->law = strdup("mc");
	schedule->schedule = od_schedule_new("office", (struct od_origin){ 0 });
	list_add(&schedule->who.people, "alice");
	*(struct od_calendar **) od_array_add(&policy->calendars) = od_calendar_new("mc", "Monaco");
	*(struct od_zone **) od_array_add(&policy->zones) = od_zone_utc();

	on_call->label = strdup("netops");
	on_call->feed = strdup("x.ics");
	list_add(&on_call->who.people, "alice");
	name_add(&on_call->work, OD_NAME_DESKTOP, "netops-alert", 7);
	assert_non_null(od_array_add(&on_call->windows));

	assert_int_equal(policy->refs, 1);
	od_policy_unref(policy);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_are_those_of_the_language),
		cmocka_unit_test(test_defaults_of_repeated_sections),
		cmocka_unit_test(test_policy_lives_until_the_last_reference),
		cmocka_unit_test(test_everything_is_freed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
