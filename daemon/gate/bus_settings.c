/* org.offduty1.Settings: what an employee may set; a table, one row a setting. */
#include <errno.h>
#include <string.h>

#include "base/error.h"
#include "base/i18n.h"
#include "bus/object.h"
#include "bus/wire.h"
#include "gate/gate.h"
#include "gate/settings.h"

#include "Settings.bus.h"

struct setting {
	const char *name;
	/* Value in force; whether the employee set it. */
	const char *(*get)(const struct od_gate *gate, bool *ret_own);
	/* NULL: as the policy says. Return: 0, OD_E_RANGE, OD_E_ACCESS, -errno. */
	int (*set)(struct od_gate *gate, const char *value);
};

static const char *get_deliver(const struct od_gate *gate, bool *ret_own)
{
	return od_deliver_to_string(od_state_deliver(gate->state, ret_own));
}

static int set_deliver(struct od_gate *gate, const char *value)
{
	enum od_deliver deliver;

	if (!value)
		return od_state_set_deliver(gate->state, NULL);
	if (!od_deliver_from_string(value, &deliver))
		return OD_E_RANGE;
	return od_state_set_deliver(gate->state, &deliver);
}

static const struct setting settings[] = {
	{ "deliver", get_deliver, set_deliver },
};

static const struct setting *find(const char *name)
{
	for (size_t i = 0; i < OD_ELEMENTS(settings); i++) {
		if (strcmp(settings[i].name, name) == 0)
			return &settings[i];
	}
	return NULL;
}

int od_settings_get_version(OD_UNUSED void *userdata, DBusMessageIter *value)
{
	return od_wire_uint32(value, 1);
}

static int put_setting(DBusMessageIter *array, const struct od_gate *gate, const struct setting *s)
{
	DBusMessageIter row;
	bool own = false;
	const char *value = s->get(gate, &own);

	if (!dbus_message_iter_open_container(array, DBUS_TYPE_STRUCT, NULL, &row) ||
		od_wire_string(&row, s->name) < 0 || od_wire_string(&row, value) < 0 ||
		od_wire_string(&row, own ? "employee" : "policy") < 0 ||
		!dbus_message_iter_close_container(array, &row))
		return -ENOMEM;
	return 0;
}

int od_settings_method_list(void *userdata, struct od_bus_call *call)
{
	DBusMessageIter array;
	int r = 0;

	if (!dbus_message_iter_open_container(&call->out, DBUS_TYPE_ARRAY, "(sss)", &array))
		return -ENOMEM;
	for (size_t i = 0; i < OD_ELEMENTS(settings) && r == 0; i++)
		r = put_setting(&array, userdata, &settings[i]);
	if (!dbus_message_iter_close_container(&call->out, &array) && r == 0)
		r = -ENOMEM;
	return r;
}

static int set(struct od_gate *gate, struct od_bus_call *call, const char *name, const char *value)
{
	const struct setting *setting = find(name);
	int r;

	if (!setting)
		return od_bus_call_error(
			call, OD_E_UNKNOWN, N_("There is no setting \"%.64s\"."), name);
	r = setting->set(gate, value);
	if (r == OD_E_RANGE)
		return od_bus_call_error(
			call, r, N_("\"%.64s\" is no value of \"%s\"."), value, setting->name);
	if (r == OD_E_ACCESS)
		return od_bus_call_error(call, r,
			N_("The policy does not leave you the choice of \"%s\"."), setting->name);
	return r;
}

int od_settings_method_set(void *userdata, struct od_bus_call *call)
{
	const char *name, *value;

	if (!od_wire_read_string(&call->in, &name) || !od_wire_read_string(&call->in, &value))
		return OD_E_SYNTAX;
	return set(userdata, call, name, value);
}

int od_settings_method_reset(void *userdata, struct od_bus_call *call)
{
	const char *name;

	return od_wire_read_string(&call->in, &name) ? set(userdata, call, name, NULL)
						     : OD_E_SYNTAX;
}
