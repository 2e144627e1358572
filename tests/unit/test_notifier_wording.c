/* What the notifier says, from the messages the guard and the gate send. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "base/translate.h"
#include "bus/wire.h"
#include "wording.h"

/* A message that holds an a{sv} with @pairs (NULL-terminated) and, with @messages, an a{ss}. */
static DBusMessage *told(
	const char *const *pairs, const char *const *messages, DBusMessageIter *ret)
{
	DBusMessage *message = dbus_message_new_signal("/x", "x.y", "Z");
	DBusMessageIter iter, dict, entry, value, list, row;
	const char *key = "messages";

	dbus_message_iter_init_append(message, &iter);
	assert_int_equal(od_wire_dict_open(&iter, &dict), 0);
	for (; *pairs; pairs += 2)
		assert_int_equal(od_wire_put_string(&dict, pairs[0], pairs[1]), 0);
	if (messages) {
		dbus_message_iter_open_container(&dict, DBUS_TYPE_DICT_ENTRY, NULL, &entry);
		dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &key);
		dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "a{ss}", &value);
		dbus_message_iter_open_container(&value, DBUS_TYPE_ARRAY, "{ss}", &list);
		for (; *messages; messages += 2) {
			dbus_message_iter_open_container(&list, DBUS_TYPE_DICT_ENTRY, NULL, &row);
			dbus_message_iter_append_basic(&row, DBUS_TYPE_STRING, &messages[0]);
			dbus_message_iter_append_basic(&row, DBUS_TYPE_STRING, &messages[1]);
			dbus_message_iter_close_container(&list, &row);
		}
		dbus_message_iter_close_container(&value, &list);
		dbus_message_iter_close_container(&entry, &value);
		dbus_message_iter_close_container(&dict, &entry);
	}
	assert_int_equal(od_wire_dict_close(&iter, &dict), 0);
	assert_true(dbus_message_iter_init(message, ret));
	return message;
}

static const char *const blocked[] = { "verdict", "block", "rule", "blocked", "messenger",
	"telegram-desktop", "messenger-name", "Telegram Desktop", "suggest", "Element", "contact",
	"it-support@exemplar.example", NULL };
static const char *const policy_says[] = { "fr", "Voir la charte.", "en", "See the charter.",
	NULL };

static void test_a_refusal_says_what_why_instead_and_whom_to_ask(void **state)
{
	struct od_toast toast;
	DBusMessageIter what;
	DBusMessage *message = told(blocked, policy_says, &what);

	(void) state;
	od_wording_alert(OD_ALERT_BLOCKED, &what, "en_GB.UTF-8", &toast);
	dbus_message_unref(message);
	assert_string_equal(toast.summary, "Telegram Desktop was not started");
	assert_non_null(strstr(toast.body, "Telegram Desktop is blocked by your company."));
	assert_non_null(strstr(toast.body, "Use Element instead."));
	assert_non_null(strstr(toast.body, "\nSee the charter.\n"));
	assert_non_null(strstr(toast.body, "Questions: it-support@exemplar.example"));
	assert_true(toast.critical);
	assert_null(toast.on_action);
}

static void test_the_same_refusal_has_the_same_key(void **state)
{
	static const char *const other[] = { "rule", "blocked", "messenger", "whatsapp", NULL };
	struct od_toast a, b, c;
	DBusMessageIter what;
	DBusMessage *message = told(blocked, NULL, &what);

	(void) state;
	od_wording_alert(OD_ALERT_BLOCKED, &what, "en", &a);
	od_wording_alert(OD_ALERT_BLOCKED, &what, "en", &b);
	assert_string_equal(a.key, b.key);
	od_wording_alert(OD_ALERT_WARNED, &what, "en", &c);
	assert_string_not_equal(a.key, c.key);
	dbus_message_unref(message);
	message = told(other, NULL, &what);
	od_wording_alert(OD_ALERT_BLOCKED, &what, "en", &c);
	assert_string_not_equal(a.key, c.key);
	dbus_message_unref(message);
}

static void test_an_empty_message_still_has_words(void **state)
{
	static const char *const nothing[] = { NULL };
	DBusMessageIter what;
	DBusMessage *message = told(nothing, NULL, &what);

	(void) state;
	for (int alert = OD_ALERT_BLOCKED; alert <= OD_ALERT_SHARED; alert++) {
		struct od_toast toast;

		od_wording_alert((enum od_alert) alert, &what, "en", &toast);
		assert_true(strlen(toast.summary) > 4);
		assert_true(strlen(toast.body) > 4);
		assert_non_null(toast.icon);
	}
	dbus_message_unref(message);
}

static void test_a_share_names_the_file(void **state)
{
	static const char *const shared[] = { "verdict", "warn", "rule", "sharing", "label",
		"payroll", "messenger-name", "Element", "name", "salaries.ods", "direction", "send",
		NULL };
	struct od_toast toast;
	DBusMessageIter what;
	DBusMessage *message = told(shared, NULL, &what);

	(void) state;
	od_wording_alert(OD_ALERT_SHARED, &what, "en", &toast);
	dbus_message_unref(message);
	assert_non_null(strstr(toast.body, "Element opens \"salaries.ods\"."));
	assert_false(toast.critical);
}

static void test_a_long_message_is_cut_at_a_character(void **state)
{
	char text[6001] = "";
	const char *const messages[] = { "en", text, NULL };
	struct od_toast toast;
	DBusMessageIter what;
	DBusMessage *message;

	(void) state;
	for (int i = 0; i < 3000; i++)
		memcpy(text + (size_t) i * 2, "é", 3);
	message = told(blocked, messages, &what);
	od_wording_alert(OD_ALERT_BLOCKED, &what, "en", &toast);
	dbus_message_unref(message);
	assert_true(strlen(toast.body) < sizeof(toast.body));
	assert_true(dbus_validate_utf8(toast.body, NULL));
}

static void test_the_best_language_is_taken(void **state)
{
	struct od_message rows[] = { { (char *) "de", (char *) "D" },
		{ (char *) "fr", (char *) "F" }, { (char *) "en", (char *) "E" } };
	od_messages all = { rows, 3, 3 }, german = { rows, 1, 1 }, none = { 0 };

	(void) state;
	assert_string_equal(od_wording_message(&all, "fr_MC.UTF-8"), "F");
	assert_string_equal(od_wording_message(&all, "it:de:fr"), "D");
	assert_string_equal(od_wording_message(&all, "it_IT.UTF-8"), "E");
	assert_string_equal(od_wording_message(&all, ""), "E");
	assert_string_equal(od_wording_message(&german, "it"), "D");
	assert_null(od_wording_message(&none, "fr"));
}

static void test_the_digest_counts(void **state)
{
	static const struct od_digest_app two[] = { { "Slack", 9 }, { "Teams", 5 } };
	static const struct od_digest_app many[] = { { "a", 9 }, { "b", 8 }, { "c", 7 }, { "d", 6 },
		{ "e", 5 }, { "f", 4 }, { "g", 3 } };
	struct od_toast toast;

	(void) state;
	od_wording_digest(14, two, 2, &toast);
	assert_string_equal(toast.summary, "14 while you were off");
	assert_string_equal(toast.body, "Slack 9, Teams 5");
	assert_true(toast.stays);
	od_wording_digest(42, many, 7, &toast);
	assert_string_equal(toast.body, "a 9, b 8, c 7, d 6, e 5, 7 others");
	od_wording_digest(39, many, 6, &toast);
	assert_string_equal(toast.body, "a 9, b 8, c 7, d 6, e 5, f 4");
	od_wording_digest(1, NULL, 0, &toast);
	assert_string_equal(toast.body, "");
}

/* Last: from here on French. */
static void test_in_french_with_its_plurals(void **state)
{
	static const struct od_digest_app many[] = { { "a", 9 }, { "b", 8 }, { "c", 7 }, { "d", 6 },
		{ "e", 5 }, { "f", 1 }, { "g", 0 } };
	struct od_toast toast;
	char languages[64];
	DBusMessageIter what;
	DBusMessage *message = told(blocked, policy_says, &what);

	(void) state;
	assert_int_equal(setenv("LC_ALL", "C.UTF-8", 1) | setenv("LANGUAGE", "fr", 1), 0);
	od_translate_init(OFFDUTY_TEST_LOCALE_DIR);
	od_wording_languages(languages, sizeof(languages));
	assert_string_equal(languages, "fr:C.UTF-8");
	od_wording_digest(14, many, 7, &toast);
	assert_string_equal(toast.summary, "14 pendant votre absence");
	assert_non_null(strstr(toast.body, ", 1 autre"));
	assert_null(strstr(toast.body, "autres")); /* one is singular, and so is none */
	od_wording_alert(OD_ALERT_BLOCKED, &what, languages, &toast);
	assert_string_equal(toast.summary, "Telegram Desktop n'a pas été démarré");
	assert_non_null(strstr(toast.body, "Utilisez plutôt Element."));
	assert_non_null(strstr(toast.body, "Voir la charte."));
	dbus_message_unref(message);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_refusal_says_what_why_instead_and_whom_to_ask),
		cmocka_unit_test(test_the_same_refusal_has_the_same_key),
		cmocka_unit_test(test_an_empty_message_still_has_words),
		cmocka_unit_test(test_a_share_names_the_file),
		cmocka_unit_test(test_a_long_message_is_cut_at_a_character),
		cmocka_unit_test(test_the_best_language_is_taken),
		cmocka_unit_test(test_the_digest_counts),
		cmocka_unit_test(test_in_french_with_its_plurals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
