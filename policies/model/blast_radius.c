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
#include <string.h>

#include "base/array.h"
#include "model/glob.h"

#define PATTERN_MAX 1024

/* Base names. Versions behind a name (python3.11, electron28, wine64) count as the name. */
static const char *const programs[] = {
	/* start and sessions */
	"systemd", "init", "systemd-executor", "systemd-logind", "systemd-journald",
	"systemd-udevd", "systemd-networkd", "systemd-resolved", "systemctl", "journalctl",
	"loginctl", "telinit", "openrc", "openrc-run", "runit", "s6-svscan", "shutdown", "reboot",
	"poweroff", "mount", "umount", "fsck", "modprobe", "kmod", "udevadm", "cron", "crond",
	"atd", "agetty", "getty", "login", "sulogin", "nologin", "su", "sudo", "doas", "run0",
	"pkexec", "polkitd", "polkit-agent-helper-1", "pkttyagent", "newgrp", "passwd",
	"unix_chkpwd", "gnome-keyring-daemon", "ssh-agent", "gpg-agent", "pinentry",
	/* shells and what scripts are made of */
	"sh", "bash", "dash", "ash", "zsh", "fish", "ksh", "mksh", "csh", "tcsh", "busybox", "env",
	"nice", "nohup", "setsid", "timeout", "xargs", "find", "cat", "ls", "cp", "mv", "rm", "sed",
	"awk", "gawk", "mawk", "grep", "test", "true", "false", "id", "ldconfig", "ld.so",
	"ld-linux-x86-64.so.2", "ld-linux-aarch64.so.1", "tmux", "screen",
	/* remote hands */
	"sshd", "sshd-session", "ssh", "scp", "sftp-server", "rsync", "salt-minion", "puppet",
	"cf-agent", "chef-client", "ansible", "NetworkManager", "wpa_supplicant", "dhclient",
	/* display and desktop */
	"Xorg", "X", "Xwayland", "xinit", "startx", "gdm", "gdm3", "gdm-session-worker",
	"gdm-wayland-session", "gdm-x-session", "sddm", "sddm-helper", "lightdm", "greetd", "xdm",
	"gnome-shell", "gnome-session", "gnome-session-binary", "mutter", "gsd-media-keys",
	"kwin_x11", "kwin_wayland", "plasmashell", "ksmserver", "startplasma-x11",
	"startplasma-wayland", "kded5", "kded6", "xfce4-session", "xfwm4", "xfdesktop",
	"xfce4-panel", "mate-session", "marco", "mate-panel", "cinnamon", "cinnamon-session",
	"muffin", "lxqt-session", "openbox", "sway", "i3", "wayfire", "labwc", "hyprland",
	"Hyprland", "weston", "cosmic-comp", "cosmic-session", "swaylock", "xdg-desktop-portal",
	"pipewire", "wireplumber", "pulseaudio", "at-spi2-registryd",
	/* buses and notification servers */
	"dbus-daemon", "dbus-broker", "dbus-broker-launch", "dbus-launch", "dbus-send", "busctl",
	"gdbus", "dunst", "mako", "swaync", "xfce4-notifyd", "mate-notification-daemon",
	"notification-daemon",
	/* packages */
	"apt", "apt-get", "dpkg", "dpkg-deb", "aptitude", "unattended-upgrade", "rpm", "dnf",
	"dnf5", "yum", "zypper", "pacman", "packagekitd", "pkcon", "flatpak",
	"flatpak-session-helper", "flatpak-portal", "snap", "snapd", "snap-confine", "fwupd",
	"gnome-software", "plasma-discover",
	/* what runs other programs */
	"python", "perl", "ruby", "java", "node", "php", "lua", "gjs", "mono", "dotnet", "electron",
	"wine", "wine-preloader", "wineserver", "bwrap", "firejail", "runc", "crun", "podman",
	"docker", "qemu", "box64", "xdg-open", "xdg-dbus-proxy", "zypak-helper", "AppRun",
	/* browsers carry everybody's work */
	"firefox", "firefox-esr", "chromium", "chromium-browser", "chrome", "google-chrome",
	"google-chrome-stable", "msedge", "brave", "epiphany", "falkon",
	/* this very program */
	"offduty", "offdutyd", "offduty-gate", "offduty-shim", "offduty-notifier",
	"offduty-inspect", "offduty-calendar"
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

/* Without the version behind it: "python3.11" is "python". */
static const char *taken_without_version(const char *name)
{
	size_t length = strlen(name);

	while (length > 0 && strchr("0123456789.-", name[length - 1]))
		length--;
	for (size_t i = 0; length > 0 && i < OD_ELEMENTS(programs); i++)
		if (strlen(programs[i]) == length && strncmp(programs[i], name, length) == 0)
			return programs[i];
	return NULL;
}

static const char *program_taken(const char *pattern)
{
	const char *name = taken_of(NAMES(programs), pattern);

	if (name)
		return name;
	if (od_glob_is_wild(pattern, strlen(pattern)))
		return od_glob_matches(pattern, "zq-any") ? "*" : NULL;
	return taken_without_version(pattern);
}

static const char *path_taken(const char *pattern)
{
	char absolute[PATTERN_MAX], path[256];
	const char *base = strrchr(pattern, '/');

	if (snprintf(absolute, sizeof(absolute), "%s%s", pattern[0] == '~' ? "/home/zq" : "",
		    pattern + (pattern[0] == '~')) >= (int) sizeof(absolute))
		return NULL; /* no line is so long */
	for (size_t i = 0; i < OD_ELEMENTS(probe_paths); i++)
		if (od_glob_path_matches(absolute, probe_paths[i]))
			return "*";
	if (base && !od_glob_is_wild(base + 1, strlen(base + 1))) {
		char *slash = absolute + strlen(absolute) - strlen(base);
		const char *name = taken_without_version(base + 1);

		*slash = '\0'; /* the folder alone */
		for (size_t k = 0; name && k < OD_ELEMENTS(folders); k++)
			if (od_glob_path_matches(absolute, folders[k]))
				return name;
		return NULL;
	}
	for (size_t i = 0; i < OD_ELEMENTS(programs); i++) {
		if (base && strcmp(base, "/**") != 0 && !od_glob_matches(base + 1, programs[i]))
			continue;
		for (size_t k = 0; k < OD_ELEMENTS(folders); k++) {
			snprintf(path, sizeof(path), "%s/%s", folders[k], programs[i]);
			if (od_glob_path_matches(absolute, path))
				return programs[i];
		}
	}
	return NULL;
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
