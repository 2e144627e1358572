/*
 * The employee's own choices: how held ones are delivered, and a lift or rest until an instant.
 *
 * A small text file, 0600, replaced whole. Instants are absolute, so a choice survives a restart
 * and ends when it ends. A file that cannot be understood counts as no choices.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "model/duty.h"
#include "model/policy.h"

struct od_settings {
	bool has_deliver;
	enum od_deliver deliver;
	struct od_choice choice;
	int64_t worked_until_us; /* end of an intervention that began rest anew; 0: none */
};

const char *od_deliver_to_string(enum od_deliver deliver);
bool od_deliver_from_string(const char *text, enum od_deliver *ret);

/* Return: 0 or OD_E_SYNTAX (then *@ret is as without a file). */
int od_settings_parse(const char *text, struct od_settings *ret) OD_CHECK;
/* Always fits in OD_SETTINGS_MAX. */
#define OD_SETTINGS_MAX 512
void od_settings_format(const struct od_settings *settings, char text[OD_SETTINGS_MAX]);

/* Return: 0 (also where there is no file), OD_E_SYNTAX, -errno. */
int od_settings_load(const char *path, struct od_settings *ret) OD_CHECK;
/* On disk when this returns 0. Return: 0 or -errno. */
int od_settings_save(const char *path, const struct od_settings *settings) OD_CHECK;
