#!/bin/bash
# The model is pure: its library may ask nobody for anything. Files, time, zone data, environment,
# people, language and buses all arrive as arguments.
set -u
library=$OFFDUTY_BUILD/policies/model/libod_policy.a
[ -e "$library" ] || { echo "$library was not built"; exit 1; }

impure='^(f?open(at|dir|64|at64)?|creat|f?read(dir|v|link|64)?|pread(64)?|fgets|getc|getline|scandir|f?write(v)?
|pwrite(64)?|f?printf|puts|putc(har)?|v(f)?printf|perror|syslog|(f|l)?stat(at|x|64)?|access|faccessat|getcwd|realpath|glob
|time|times|clock|clock_[a-z]*|gettimeofday|timespec_get|localtime(_r)?|gmtime(_r)?|mktime|timegm|tzset|strftime
|(secure_)?getenv|setenv|putenv|environ|get[eu]?uid|getpid|getpw[a-z_]*|getgr[a-z_]*|getlogin|gethost[a-z]*|uname|sysconf
|d?c?n?gettext|dn?gettext|dcn?gettext|bindtextdomain|textdomain|setlocale|newlocale|nl_langinfo
|socket|connect|bind|send[a-z]*|recv[a-z]*|poll|p?select|epoll_[a-z]*|ioctl|fcntl|mmap|signal|sigaction|kill
|fork|vfork|exec[a-z]*|posix_spawn[a-z]*|system|popen|pthread_[a-z_]*|sleep|usleep|nanosleep
|s?rand(om)?(_r)?|arc4random[a-z_]*|getrandom|getentropy|drand48|mrand48|exit|_exit|abort
|dbus_.*|sd_.*|g_.*|iniparser_.*|dictionary_.*|sqlite3_.*|ical.*|json_.*|magic_.*)$'

# "abort" is what assert() ends in; the message is printed by __assert_fail.
found=$(nm -u "$library" | awk '$1 == "U" { sub(/@.*/, "", $2); print $2 }' | sort -u |
	grep -xE "$(tr -d '\n' <<<"$impure")" | grep -vx abort)
if [ -n "$found" ]; then
	echo "policies/model is not pure, it needs:" $found
	for symbol in $found; do
		nm -A -u "$library" 2>/dev/null | grep -E " U $symbol(@|$)" | cut -d: -f2 | sort -u |
			sed "s/^/  $symbol in /"
	done
	exit 1
fi
# A module with state of its own would not be a function of its arguments. Tables of pointers are
# written once, by the loader, and lie in .data.rel.ro.
state=$(objdump -t "$library" 2>/dev/null |
	awk '/^[^ ]*\.o:/ { object = $1 } / O / && / \.(data|bss|tbss|tdata)/ && !/\.data\.rel\.ro/ { print "  " object " " $NF }')
if [ -n "$state" ]; then
	echo "policies/model has variables that can change:"
	echo "$state"
	exit 1
fi
