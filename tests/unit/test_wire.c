#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/error.h"
#include "bus/wire.h"

static void free_message(DBusMessage **message)
{
	dbus_message_unref(*message);
}

static DBusMessage *new_message(DBusMessageIter *iter)
{
	DBusMessage *message = dbus_message_new_signal("/a", "a.b", "c");

	assert_non_null(message);
	dbus_message_iter_init_append(message, iter);
	return message;
}

static void test_a_dictionary_comes_back_as_it_was_put(void **state)
{
	DBusMessageIter iter, dict;
	od_cleanup(free_message) DBusMessage *message = new_message(&iter);

	(void) state;
	assert_int_equal(od_wire_dict_open(&iter, &dict), 0);
	assert_int_equal(od_wire_put_string(&dict, "text", "caf\xc3\xa9"), 0);
	assert_int_equal(od_wire_put_string(&dict, "none", NULL), 0);
	assert_int_equal(od_wire_put_uint32(&dict, "number", UINT32_MAX), 0);
	assert_int_equal(od_wire_put_int64(&dict, "instant", INT64_MIN), 0);
	assert_int_equal(od_wire_put_bool(&dict, "yes", true), 0);
	assert_int_equal(od_wire_dict_close(&iter, &dict), 0);
	assert_string_equal(dbus_message_get_signature(message), "a{sv}");

	assert_true(dbus_message_iter_init(message, &iter));
	assert_string_equal(od_wire_get_string(&iter, "text"), "caf\xc3\xa9");
	assert_null(od_wire_get_string(&iter, "none"));
	assert_null(od_wire_get_string(&iter, "number"));
	assert_int_equal(od_wire_get_uint32(&iter, "number", 7), UINT32_MAX);
	assert_int_equal(od_wire_get_uint32(&iter, "text", 7), 7);
	assert_int_equal(od_wire_get_uint32(&iter, "absent", 7), 7);
	assert_true(od_wire_get_int64(&iter, "instant", 7) == INT64_MIN);
	assert_int_equal(od_wire_get_int64(&iter, "number", 7), 7);
	assert_true(od_wire_find(&iter, "yes", &dict));
	assert_int_equal(dbus_message_iter_get_arg_type(&dict), DBUS_TYPE_BOOLEAN);
}

static void test_a_bad_text_is_sent_with_question_marks(void **state)
{
	static const struct {
		const char *bad, *sent;
	} rows[] = {
		{ "", "" },
		{ "plain", "plain" },
		{ "caf\xe9", "caf?" },
		{ "\xc3", "?" },
		{ "\xc3\xa9\xc3", "\xc3\xa9?" },
		{ "\xc0\xaf", "??" },      /* overlong */
		{ "\xe0\x80\xaf", "???" }, /* overlong */
		{ "\xf0\x80\x80\xaf", "????" },
		{ "\xed\xa0\x80", "???" },      /* a surrogate */
		{ "\xf4\x90\x80\x80", "????" }, /* beyond the last character */
		{ "\xf4\x8f\xbf\xbf", "\xf4\x8f\xbf\xbf" },
		{ "\xe2\x82\xac\xff", "\xe2\x82\xac?" },
		{ "\xe2\x82", "??" },
		{ "\xff\xfe", "??" },
	};

	(void) state;
	for (size_t i = 0; i < OD_ELEMENTS(rows); i++) {
		DBusMessageIter iter;
		od_cleanup(free_message) DBusMessage *message = new_message(&iter);
		const char *text = NULL;

		assert_int_equal(od_wire_string(&iter, rows[i].bad), 0);
		assert_true(dbus_message_iter_init(message, &iter));
		assert_true(od_wire_read_string(&iter, &text));
		assert_string_equal(text, rows[i].sent);
	}
}

/* Our own idea of UTF-8 must be the bus's: what it would refuse must not get to it. */
static void test_cleaned_text_is_what_the_bus_accepts(void **state)
{
	char text[5], kept[5];

	(void) state;
	for (unsigned i = 0; i < 0x1000000; i += 61) {
		text[0] = (char) (0xe0 + (i & 0x1f));
		text[1] = (char) (i >> 5);
		text[2] = (char) (i >> 13);
		text[3] = (char) (0x80 + (i >> 19));
		text[4] = '\0';
		memcpy(kept, text, sizeof(text));
		od_wire_clean(text);
		assert_true(dbus_validate_utf8(text, NULL));
		if (dbus_validate_utf8(kept, NULL))
			assert_string_equal(text, kept);
	}
}

static void test_reading_another_type_takes_nothing(void **state)
{
	DBusMessageIter iter;
	od_cleanup(free_message) DBusMessage *message = new_message(&iter);
	const char *text = NULL;
	uint32_t number = 7;
	int64_t instant = 7;

	(void) state;
	assert_int_equal(od_wire_uint32(&iter, 1), 0);
	assert_int_equal(od_wire_int64(&iter, 2), 0);
	assert_int_equal(od_wire_string(&iter, "three"), 0);
	assert_int_equal(od_wire_bool(&iter, true), 0);
	assert_string_equal(dbus_message_get_signature(message), "uxsb");
	assert_true(dbus_message_iter_init(message, &iter));
	assert_false(od_wire_read_string(&iter, &text));
	assert_false(od_wire_read_int64(&iter, &instant));
	assert_true(od_wire_read_uint32(&iter, &number));
	assert_int_equal(number, 1);
	assert_true(od_wire_read_int64(&iter, &instant));
	assert_int_equal(instant, 2);
	assert_false(od_wire_find(&iter, "key", &iter));
	assert_true(od_wire_read_string(&iter, &text));
	assert_string_equal(text, "three");
	assert_false(od_wire_read_uint32(&iter, &number));
	assert_true(dbus_message_iter_get_arg_type(&iter) == DBUS_TYPE_BOOLEAN);
	(void) dbus_message_iter_next(&iter);
	assert_false(od_wire_read_string(&iter, &text));
}

static void test_dictionaries_of_other_keys_are_no_dictionaries(void **state)
{
	DBusMessageIter iter, array, entry, value;
	od_cleanup(free_message) DBusMessage *message = new_message(&iter);
	dbus_uint32_t one = 1;

	(void) state;
	assert_true(dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "{uu}", &array));
	assert_true(dbus_message_iter_open_container(&array, DBUS_TYPE_DICT_ENTRY, NULL, &entry));
	assert_true(dbus_message_iter_append_basic(&entry, DBUS_TYPE_UINT32, &one));
	assert_true(dbus_message_iter_append_basic(&entry, DBUS_TYPE_UINT32, &one));
	assert_true(dbus_message_iter_close_container(&array, &entry));
	assert_true(dbus_message_iter_close_container(&iter, &array));
	assert_true(dbus_message_iter_init(message, &iter));
	assert_false(od_wire_find(&iter, "key", &value));
}

/* Everything D-Bus has, nested; written by hand, once. */
static DBusMessage *everything(void)
{
	DBusMessageIter iter, outer, inner, deep, entry;
	DBusMessage *message = new_message(&iter);
	const unsigned char bytes[] = { 0, 1, 2, 255 };
	const unsigned char *bytes_at = bytes;
	const double number = 0.1;
	const dbus_int16_t small = -2;
	const char *path = "/a/b", *signature = "a{sv}", *text = "x";
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	assert_true(dbus_message_iter_append_basic(&iter, DBUS_TYPE_DOUBLE, &number) &&
		    dbus_message_iter_append_basic(&iter, DBUS_TYPE_INT16, &small) &&
		    dbus_message_iter_append_basic(&iter, DBUS_TYPE_OBJECT_PATH, &path) &&
		    dbus_message_iter_append_basic(&iter, DBUS_TYPE_SIGNATURE, &signature) &&
		    dbus_message_iter_append_basic(&iter, DBUS_TYPE_UNIX_FD, &fd));
	close(fd);
	assert_true(dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "y", &outer) &&
		    dbus_message_iter_append_fixed_array(&outer, DBUS_TYPE_BYTE, &bytes_at, 4) &&
		    dbus_message_iter_close_container(&iter, &outer));
	assert_true(dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "(sas)", &outer) &&
		    dbus_message_iter_close_container(&iter, &outer));
	assert_true(dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "as", &outer) &&
		    dbus_message_iter_open_container(&outer, DBUS_TYPE_ARRAY, "s", &inner) &&
		    dbus_message_iter_append_basic(&inner, DBUS_TYPE_STRING, &text) &&
		    dbus_message_iter_close_container(&outer, &inner) &&
		    dbus_message_iter_close_container(&iter, &outer));
	assert_int_equal(od_wire_dict_open(&iter, &outer), 0);
	assert_int_equal(od_wire_put_string(&outer, "k", "v"), 0);
	assert_true(dbus_message_iter_open_container(&outer, DBUS_TYPE_DICT_ENTRY, NULL, &entry) &&
		    dbus_message_iter_append_basic(&entry, DBUS_TYPE_STRING, &text) &&
		    dbus_message_iter_open_container(&entry, DBUS_TYPE_VARIANT, "(vi)", &inner) &&
		    dbus_message_iter_open_container(&inner, DBUS_TYPE_STRUCT, NULL, &deep));
	{
		DBusMessageIter variant;
		dbus_int32_t i = -1;

		assert_true(
			dbus_message_iter_open_container(&deep, DBUS_TYPE_VARIANT, "s", &variant) &&
			dbus_message_iter_append_basic(&variant, DBUS_TYPE_STRING, &text) &&
			dbus_message_iter_close_container(&deep, &variant) &&
			dbus_message_iter_append_basic(&deep, DBUS_TYPE_INT32, &i));
	}
	assert_true(dbus_message_iter_close_container(&inner, &deep) &&
		    dbus_message_iter_close_container(&entry, &inner) &&
		    dbus_message_iter_close_container(&outer, &entry));
	assert_int_equal(od_wire_dict_close(&iter, &outer), 0);
	return message;
}

static unsigned open_descriptors(void)
{
	unsigned n = 0;

	for (int fd = 0; fd < 1024; fd++)
		n += fcntl(fd, F_GETFD) >= 0;
	return n;
}

static void test_a_copy_is_the_same_to_the_byte_and_leaks_no_descriptor(void **state)
{
	unsigned before = open_descriptors();
	DBusMessage *message = everything(), *copy;
	DBusMessageIter from, to;
	char *bytes, *copy_bytes;
	int n, copy_n;

	(void) state;
	copy = new_message(&to);
	assert_true(dbus_message_iter_init(message, &from));
	assert_int_equal(od_wire_copy(&from, &to), 0);
	assert_string_equal(dbus_message_get_signature(copy), dbus_message_get_signature(message));
	assert_int_equal(open_descriptors(), before + 2); /* one in each message */
	dbus_message_set_serial(message, 1);
	dbus_message_set_serial(copy, 1);
	assert_true(dbus_message_marshal(message, &bytes, &n));
	assert_true(dbus_message_marshal(copy, &copy_bytes, &copy_n));
	assert_int_equal(n, copy_n);
	assert_memory_equal(bytes, copy_bytes, (size_t) n);
	dbus_free(bytes);
	dbus_free(copy_bytes);
	dbus_message_unref(message);
	dbus_message_unref(copy);
	assert_int_equal(open_descriptors(), before);
}

static void test_a_copy_of_a_million_texts_is_refused(void **state)
{
	DBusMessageIter iter, array, to;
	od_cleanup(free_message) DBusMessage *message = new_message(&iter);
	OD_UNUSED od_cleanup(free_message) DBusMessage *copy = new_message(&to);
	const char *text = "";

	(void) state;
	assert_true(dbus_message_iter_open_container(&iter, DBUS_TYPE_ARRAY, "s", &array));
	for (unsigned i = 0; i < (1u << 20) + 1; i++)
		assert_true(dbus_message_iter_append_basic(&array, DBUS_TYPE_STRING, &text));
	assert_true(dbus_message_iter_close_container(&iter, &array));
	assert_true(dbus_message_iter_init(message, &iter));
	assert_int_equal(od_wire_copy(&iter, &to), OD_E_LIMIT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_a_dictionary_comes_back_as_it_was_put),
		cmocka_unit_test(test_a_bad_text_is_sent_with_question_marks),
		cmocka_unit_test(test_cleaned_text_is_what_the_bus_accepts),
		cmocka_unit_test(test_reading_another_type_takes_nothing),
		cmocka_unit_test(test_dictionaries_of_other_keys_are_no_dictionaries),
		cmocka_unit_test(test_a_copy_is_the_same_to_the_byte_and_leaks_no_descriptor),
		cmocka_unit_test(test_a_copy_of_a_million_texts_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
