/* The bytes a fanotify group hands out, one event at a time. Nothing of them is believed. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct od_fan_event {
	uint64_t mask;
	int fd;    /* -1: none (overflow, or the kernel could not open the file) */
	pid_t pid; /* 0: of another process id namespace */
	bool overflow;
};

enum od_fan_next { OD_FAN_EVENT, OD_FAN_END, OD_FAN_BROKEN };

/*
 * od_fan_event_next() - the event at *@offset; moves on
 *
 * Return: OD_FAN_EVENT (@ret is set), OD_FAN_END, or OD_FAN_BROKEN: what is left is not made of
 * events (a length beyond the buffer, another version). Descriptors in it are then lost.
 */
enum od_fan_next od_fan_event_next(
	const void *buffer, size_t size, size_t *offset, struct od_fan_event *ret);
