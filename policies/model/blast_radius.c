/*
 * Names are compared as the catalogue itself would match them, so that a glob is judged by what it
 * takes, not by how it looks. Beside the names a machine needs, each kind has probes: names nothing
 * has. A pattern that takes a probe takes everything.
 *
 * The list is for Linux desktops as shipped; a program that is missing here is protected all the
 * same as long as nobody claims its very name.
 */
#include "model/blast_radius.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/glob.h"

#define PATTERN_MAX 1200
#define NAME_ROOM   64
#define HOME        "/home/zq"

/*
 * Base names, sorted as strcmp() has it: what starts a machine and its sessions, shells and what
 * scripts are made of, remote hands, display servers and desktops, buses and notification servers,
 * package managers, what runs other programs, browsers, and Offduty itself. Versions behind a name
 * (python3.11, electron28, wine64) count as the name.
 */
static const char *const programs[] = {
	/* clang-format off */
	"AppRun", "Hyprland", "NetworkManager", "X", "Xorg", "Xwayland", "agetty", "ansible",
	"apt", "apt-get", "aptitude", "ash", "at-spi2-registryd", "atd", "awk", "bash", "box64",
	"brave", "busctl", "busybox", "bwrap", "cat", "cf-agent", "chef-client", "chrome",
	"chromium", "chromium-browser", "cinnamon", "cinnamon-session", "cosmic-comp",
	"cosmic-session", "cp", "cron", "crond", "crun", "csh", "dash", "dbus-broker",
	"dbus-broker-launch", "dbus-daemon", "dbus-launch", "dbus-send", "dhclient", "dnf",
	"dnf5", "doas", "docker", "dotnet", "dpkg", "dpkg-deb", "dunst", "electron", "env",
	"epiphany", "falkon", "false", "find", "firefox", "firefox-esr", "firejail", "fish",
	"flatpak", "flatpak-portal", "flatpak-session-helper", "fsck", "fwupd", "gawk", "gdbus",
	"gdm", "gdm-session-worker", "gdm-wayland-session", "gdm-x-session", "gdm3", "getty",
	"gjs", "gnome-keyring-daemon", "gnome-session", "gnome-session-binary", "gnome-shell",
	"gnome-software", "google-chrome", "google-chrome-stable", "gpg-agent", "greetd", "grep",
	"gsd-media-keys", "hyprland", "i3", "id", "init", "java", "journalctl", "kded5", "kded6",
	"kmod", "ksh", "ksmserver", "kwin_wayland", "kwin_x11", "labwc", "ld-linux-aarch64.so.1",
	"ld-linux-x86-64.so.2", "ld.so", "ldconfig", "lightdm", "login", "loginctl", "ls", "lua",
	"lxqt-session", "mako", "marco", "mate-notification-daemon", "mate-panel",
	"mate-session", "mawk", "mksh", "modprobe", "mono", "mount", "msedge", "muffin",
	"mutter", "mv", "newgrp", "nice", "node", "nohup", "nologin", "notification-daemon",
	"offduty", "offduty-calendar", "offduty-gate", "offduty-inspect", "offduty-notifier",
	"offduty-shim", "offdutyd", "openbox", "openrc", "openrc-run", "packagekitd", "pacman",
	"passwd", "perl", "php", "pinentry", "pipewire", "pkcon", "pkexec", "pkttyagent",
	"plasma-discover", "plasmashell", "podman", "polkit-agent-helper-1", "polkitd",
	"poweroff", "pulseaudio", "puppet", "python", "qemu", "reboot", "rm", "rpm", "rsync",
	"ruby", "run0", "runc", "runit", "s6-svscan", "salt-minion", "scp", "screen", "sddm",
	"sddm-helper", "sed", "setsid", "sftp-server", "sh", "shutdown", "snap", "snap-confine",
	"snapd", "ssh", "ssh-agent", "sshd", "sshd-session", "startplasma-wayland",
	"startplasma-x11", "startx", "su", "sudo", "sulogin", "sway", "swaylock", "swaync",
	"systemctl", "systemd", "systemd-executor", "systemd-journald", "systemd-logind",
	"systemd-networkd", "systemd-resolved", "systemd-udevd", "tcsh", "telinit", "test",
	"timeout", "tmux", "true", "udevadm", "umount", "unattended-upgrade", "unix_chkpwd",
	"wayfire", "weston", "wine", "wine-preloader", "wineserver", "wireplumber",
	"wpa_supplicant", "xargs", "xdg-dbus-proxy", "xdg-desktop-portal", "xdg-open", "xdm",
	"xfce4-notifyd", "xfce4-panel", "xfce4-session", "xfdesktop", "xfwm4", "xinit", "yum",
	"zsh", "zypak-helper", "zypper"
	/* clang-format on */
};
static const char *const folders[] = { "/bin", "/sbin", "/usr/bin", "/usr/sbin", "/usr/local/bin",
	"/usr/local/sbin", "/lib/systemd", "/usr/lib/systemd", "/usr/libexec",
	"/usr/libexec/offduty", "/usr/lib/polkit-1", "/usr/lib/xorg", "/usr/lib/openssh",
	"/usr/lib/snapd", "/lib64", "/usr/lib64", "/usr/lib/gdm3", "/usr/lib/firefox-esr",
	"/usr/lib/chromium" };
/* Programs of no name: where a pattern takes one of these, it takes everything installed there. */
static const char *const probe_paths[] = { "/usr/bin/zq-any", "/usr/local/bin/zq-any",
	"/opt/zq-any/zq-any", "/usr/games/zq-any", "/home/zq/zq-any", "/home/zq/bin/zq-any",
	"/home/zq/.local/bin/zq-any", "/home/zq/Downloads/zq-any" };
static const char *const flatpaks[] = { "org.zq.Any", "com.zq.Any", "io.github.zq.Any",
	"org.freedesktop.Platform", "org.freedesktop.Sdk", "org.freedesktop.portal.Desktop",
	"org.freedesktop.portal.Documents", "org.freedesktop.portal.Flatpak",
	"org.freedesktop.impl.portal.PermissionStore", "org.freedesktop.impl.portal.desktop.gtk",
	"org.freedesktop.impl.portal.desktop.kde", "org.freedesktop.impl.portal.desktop.gnome",
	"org.gnome.Platform", "org.gnome.Software", "org.gnome.Nautilus", "org.kde.Platform",
	"org.kde.plasmashell", "org.mozilla.firefox", "org.chromium.Chromium",
	"com.google.Chrome" };
static const char *const snaps[] = { "zq-any", "snapd", "core", "core18", "core20", "core22",
	"core24", "bare", "base", "snap-store", "firmware-updater", "gnome-46-2404",
	"gtk-common-themes", "firefox", "chromium" };
static const char *const appimages[] = { "zq-any.AppImage", "Zq-1.0-x86_64.AppImage",
	"appimaged.AppImage", "AppImageLauncher.AppImage" };
static const char *const arguments[] = { "zq-any", "zq-any.py", "zq-any.jar", "zq-any.exe",
	"zq-any.js", "zq-any.pl", "main.py", "__main__.py", "app.asar", "setup.exe", "explorer.exe",
	"-c", "-m", "-jar", "--" };
static const char *const asars[] = { "zq-any", "electron", "app" };
static const char *const notices[] = { "zq-any", "Zq Any", "org.zq.Any", "notify-send", "Firefox",
	"firefox", "firefox-esr", "Chromium", "chromium", "Google Chrome", "google-chrome",
	"org.gnome.Settings", "org.gnome.SettingsDaemon.Power", "org.kde.plasmashell",
	"xfce4-power-manager", "Offduty", "offduty-notifier" };

struct names {
	const char *const *items;
	size_t n;
};

#define NAMES(array) ((struct names){ array, OD_ELEMENTS(array) })

static struct names names_of(enum od_blast_kind kind)
{
	switch (kind) {
	case OD_BLAST_EXECUTABLE:
		return NAMES(programs);
	case OD_BLAST_PATH:
		return NAMES(probe_paths);
	case OD_BLAST_FLATPAK:
		return NAMES(flatpaks);
	case OD_BLAST_SNAP:
		return NAMES(snaps);
	case OD_BLAST_APPIMAGE:
		return NAMES(appimages);
	case OD_BLAST_ARGUMENT:
		return NAMES(arguments);
	case OD_BLAST_ASAR:
		return NAMES(asars);
	case OD_BLAST_NOTICE:
		return NAMES(notices);
	case OD_BLAST_ORIGIN:
		break;
	}
	return (struct names){ 0 };
}

/* A probe has no name worth telling. */
static const char *said(const char *name)
{
	return strstr(name, "zq") || strstr(name, "Zq") ? "*" : name;
}

static const char *taken_of(struct names names, const char *pattern)
{
	for (size_t i = 0; i < names.n; i++)
		if (od_glob_matches(pattern, names.items[i]))
			return said(names.items[i]);
	return NULL;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(a, *(const char *const *) b);
}

static const char *exactly(const char *name)
{
	const char *const *found =
		bsearch(name, programs, OD_ELEMENTS(programs), sizeof(*programs), compare_names);

	return found ? *found : NULL;
}

/* Also without the version behind it: "python3.11" is "python". */
static const char *taken_by_name(const char *name)
{
	const char *found = exactly(name);
	size_t length = strlen(name);
	char bare[NAME_ROOM];

	while (length > 0 && strchr("0123456789.-", name[length - 1]))
		length--;
	if (found || !name[length] || length >= sizeof(bare))
		return found;
	memcpy(bare, name, length);
	bare[length] = '\0';
	return exactly(bare);
}

static const char *program_taken(const char *pattern)
{
	if (!od_glob_is_wild(pattern, strlen(pattern)))
		return taken_by_name(pattern);
	return od_glob_matches(pattern, "zq-any") ? "*" : taken_of(NAMES(programs), pattern);
}

/* What stands before the first wildcard of @pattern must agree with @folder. */
static bool may_reach(const char *pattern, const char *folder)
{
	for (; *folder && *pattern && !strchr("*?[", *pattern); pattern++, folder++)
		if (*pattern != *folder)
			return false;
	return true;
}

/* A program the last component takes, in the folder the others do. */
static const char *taken_in(const char *pattern, const char *folders_of, const char *base)
{
	char path[PATTERN_MAX];
	bool all = strcmp(base, "**") == 0;

	for (size_t i = 0; i < OD_ELEMENTS(folders); i++) {
		if (!may_reach(pattern, folders[i]) ||
			(!all && !od_glob_path_matches(folders_of, folders[i])))
			continue;
		for (size_t k = 0; k < OD_ELEMENTS(programs); k++) {
			snprintf(path, sizeof(path), "%s/%s", folders[i], programs[k]);
			if (od_glob_path_matches(pattern, path))
				return programs[k];
		}
	}
	return NULL;
}

static const char *path_taken(const char *pattern)
{
	char absolute[PATTERN_MAX], folder[PATTERN_MAX];
	const char *base;
	int n = snprintf(absolute, sizeof(absolute), "%s%s", pattern[0] == '~' ? HOME : "",
		pattern + (pattern[0] == '~'));

	if (n < 0 || (size_t) n >= sizeof(absolute) || !(base = strrchr(absolute, '/')))
		return NULL; /* no line is so long; no program is named like that */
	snprintf(folder, sizeof(folder), "%.*s", (int) (base - absolute), absolute);
	base++;
	if (!od_glob_is_wild(base, strlen(base))) {
		const char *name = taken_by_name(base);

		for (size_t i = 0; name && i < OD_ELEMENTS(folders); i++)
			if (od_glob_path_matches(folder, folders[i]))
				return name;
		return NULL;
	}
	for (size_t i = 0; i < OD_ELEMENTS(probe_paths); i++)
		if (may_reach(absolute, probe_paths[i]) &&
			od_glob_path_matches(absolute, probe_paths[i]))
			return "*";
	return taken_in(absolute, folder, base);
}

/* A star and a path is that path on any host, for what people host themselves. */
static const char *origin_taken(const char *origin)
{
	const char *scheme = strstr(origin, "://");
	const char *host = scheme ? scheme + 3 : origin;
	size_t length = strcspn(host, "/");

	if (host[0] != '*')
		return NULL;
	if (length == 1)
		return strspn(host + 1, "/") == strlen(host + 1) ? "*" : NULL;
	/* all of ".com" is everybody */
	return memchr(host + 2, '.', length - 2) ? NULL : "*";
}

const char *od_blast_radius(enum od_blast_kind kind, const char *pattern)
{
	const char *name;

	switch (kind) {
	case OD_BLAST_EXECUTABLE:
		return program_taken(pattern);
	case OD_BLAST_PATH:
		return path_taken(pattern);
	case OD_BLAST_ORIGIN:
		return origin_taken(pattern);
	case OD_BLAST_ARGUMENT:
		name = taken_of(names_of(kind), pattern);
		return name ? name : program_taken(pattern);
	case OD_BLAST_FLATPAK:
	case OD_BLAST_SNAP:
	case OD_BLAST_APPIMAGE:
	case OD_BLAST_ASAR:
	case OD_BLAST_NOTICE:
		return taken_of(names_of(kind), pattern);
	}
	return NULL;
}
