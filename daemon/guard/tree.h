/*
 * The processes that are one application, and signals to them.
 *
 * Not everything that came of a messenger is of it: a browser it opened, the shell or editor beside
 * it. Of it are: the process itself; below it, what runs the same executable or one of the same
 * folder (but for the folders everybody's programs lie in); and, where the service manager gave the
 * application a unit of its own, what is in that unit.
 */
#pragma once

#include "guard/runners.h"
#include "model/catalogue.h"

/* Whether the unit a cgroup ends in ("app-gnome-org.example.App-123.scope") is @messenger's own, by
 * its desktop or Flatpak id. */
bool od_tree_is_own_unit(const char *cgroup, const struct od_messenger *messenger);

/* Whether a program @exe below one that runs @root_exe is part of the same application. */
bool od_tree_is_part(const char *root_exe, const char *exe);

/* Send @number to the application of @runner. @messenger NULL: its unit is not looked at.
 * Return: how many processes got it. */
unsigned od_tree_signal(
	const struct od_runner *runner, const struct od_messenger *messenger, int number);
