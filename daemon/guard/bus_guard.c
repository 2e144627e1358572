/* org.offduty1.Guard. */
#include <errno.h>
#include <string.h>

#include "Guard.bus.h"
#include "base/error.h"
#include "bus/wire.h"
#include "guard/manager.h"
#include "guard/marks.h"
#include "guard/records.h"

int od_guard_get_version(void *userdata, DBusMessageIter *value)
{
	(void) userdata;
	return od_wire_uint32(value, 1);
}

int od_guard_get_state(void *userdata, DBusMessageIter *value)
{
	return od_wire_string(value, od_guard_state_to_string(od_manager_state(userdata)));
}

static int coverage_of(struct od_manager *manager, struct od_coverage *ret)
{
	memset(ret, 0, sizeof(*ret));
	if (!manager->exec_guard)
		return 0;
	return od_marks_coverage(od_exec_guard_marks(manager->exec_guard), ret);
}

int od_guard_get_covered(void *userdata, DBusMessageIter *value)
{
	struct od_coverage coverage;
	DBusMessageIter array;
	int r = coverage_of(userdata, &coverage);

	if (r < 0 || !dbus_message_iter_open_container(value, DBUS_TYPE_ARRAY, "s", &array))
		r = -ENOMEM;
	for (size_t i = 0; r == 0 && i < coverage.covered.n; i++)
		r = od_wire_string(&array, coverage.covered.items[i]);
	if (r == 0 && !dbus_message_iter_close_container(value, &array))
		r = -ENOMEM;
	od_coverage_done(&coverage);
	return r;
}

static int put_uncovered(DBusMessageIter *array, const char *point, const char *why)
{
	DBusMessageIter entry;

	if (!dbus_message_iter_open_container(array, DBUS_TYPE_STRUCT, NULL, &entry) ||
		od_wire_string(&entry, point) < 0 || od_wire_string(&entry, why) < 0 ||
		!dbus_message_iter_close_container(array, &entry))
		return -ENOMEM;
	return 0;
}

int od_guard_get_uncovered(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;
	struct od_coverage coverage;
	DBusMessageIter array;
	int r = coverage_of(manager, &coverage);

	if (r < 0 || !dbus_message_iter_open_container(value, DBUS_TYPE_ARRAY, "(ss)", &array))
		r = -ENOMEM;
	for (size_t i = 0; r == 0 && i < coverage.uncovered.n; i++)
		r = put_uncovered(
			&array, coverage.uncovered.items[i].point, coverage.uncovered.items[i].why);
	if (r == 0 && manager->share_guard && od_share_guard_weaker(manager->share_guard))
		r = put_uncovered(
			&array, "[sharing]", N_("rules that ask only warn in this version"));
	if (r == 0 && !dbus_message_iter_close_container(value, &array))
		r = -ENOMEM;
	od_coverage_done(&coverage);
	return r;
}

int od_guard_get_counters(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;
	DBusMessageIter array, entry;

	if (!dbus_message_iter_open_container(value, DBUS_TYPE_ARRAY, "{st}", &array))
		return -ENOMEM;
	for (unsigned i = 0; i < OD_COUNT_MAX_; i++) {
		dbus_uint64_t count = od_count_get(&manager->counters, (enum od_count) i);

		if (!dbus_message_iter_open_container(&array, DBUS_TYPE_DICT_ENTRY, NULL, &entry) ||
			od_wire_string(&entry, od_count_to_string((enum od_count) i)) < 0 ||
			!dbus_message_iter_append_basic(&entry, DBUS_TYPE_UINT64, &count) ||
			!dbus_message_iter_close_container(&array, &entry))
			return -ENOMEM;
	}
	return dbus_message_iter_close_container(value, &array) ? 0 : -ENOMEM;
}

int od_guard_get_policy_hash(void *userdata, DBusMessageIter *value)
{
	struct od_manager *manager = userdata;

	return od_wire_string(value, manager->source.policy ? manager->source.policy->sha256 : "");
}

int od_guard_method_subscribe(void *userdata, struct od_bus_call *call)
{
	struct od_manager *manager = userdata;

	return od_subscribers_add(manager->subscribers, call->peer.uid, call->sender);
}

static int put_record(DBusMessageIter *array, const struct od_record *record)
{
	const struct {
		const char *key, *value;
	} texts[] = {
		{ "what", od_record_what_to_string(record->what) },
		{ "messenger", record->messenger },
		{ "rule", record->rule },
		{ "label", record->label },
		{ "verdict", record->verdict },
	};
	DBusMessageIter dict;
	int r = od_wire_dict_open(array, &dict);

	if (r == 0)
		r = od_wire_put_int64(&dict, "time", record->minute_us);
	for (size_t i = 0; r == 0 && i < OD_ELEMENTS(texts); i++)
		r = od_wire_put_string(
			&dict, texts[i].key, texts[i].value[0] ? texts[i].value : NULL);
	return r == 0 ? od_wire_dict_close(array, &dict) : r;
}

int od_guard_method_my_records(void *userdata, struct od_bus_call *call)
{
	struct od_manager *manager = userdata;
	int64_t since_us, oldest_us = od_manager_oldest_us(manager);
	od_record_list list = { 0 };
	DBusMessageIter array;
	int r;

	if (!od_wire_read_int64(&call->in, &since_us))
		return OD_E_SYNTAX;
	r = od_records_list(manager->records_dir, call->peer.uid,
		since_us > oldest_us ? since_us : oldest_us, &list);
	if (r == 0 &&
		!dbus_message_iter_open_container(&call->out, DBUS_TYPE_ARRAY, "a{sv}", &array))
		r = -ENOMEM;
	for (size_t i = 0; r == 0 && i < list.n; i++)
		r = put_record(&array, &list.items[i]);
	if (r == 0 && !dbus_message_iter_close_container(&call->out, &array))
		r = -ENOMEM;
	free(list.items);
	return r;
}
