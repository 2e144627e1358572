#!/bin/bash
# The Debian package: scripts that start and enable what they should, no complaint of lintian.
set -u
[ -n "${OFFDUTY_DEB:-}" ] && [ -e "$OFFDUTY_DEB" ] || { echo "there is no package"; exit 1; }
status=0
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
dpkg-deb --control "$OFFDUTY_DEB" "$folder/control"
dpkg-deb --contents "$OFFDUTY_DEB" | awk '{ print $6 }' >"$folder/contents"

# has SCRIPT PATTERN
has() {
	grep -qE -- "$2" "$folder/control/$1" 2>/dev/null || { echo "$1 lacks: $2"; status=1; }
}
holds() {
	grep -qxE -- "$1" "$folder/contents" || { echo "the package lacks: $1"; status=1; }
}

has postinst "deb-systemd-helper enable 'offdutyd.service'"
has postinst "deb-systemd-invoke (\\\$_dh_action|start|restart) .*'?offdutyd.service"
for unit in offduty-activation offduty-gate offduty-notifier; do
	has postinst "deb-systemd-helper --user enable '$unit.service'"
done
for unit in offduty-inspect.socket offduty-calendar.path offduty-calendar.service; do
	has postinst "deb-systemd-helper enable '$unit'"
done
has postinst 'systemd-tmpfiles .*offduty.conf'
has prerm 'org.offduty1.Held Deliver'
has prerm "deb-systemd-invoke stop .*'?offdutyd.service"
has postrm 'rm -rf /var/lib/offduty'

for program in offdutyd offduty-gate offduty-shim offduty-notifier offduty-inspect offduty-calendar; do
	holds "\\./usr/libexec/offduty/$program"
done
holds '\./usr/bin/offduty'
holds '\./usr/lib/offduty/catalogue\.d/telegram\.ini'
holds '\./usr/lib/offduty/holidays\.d/.*\.ini'
holds '\./usr/share/dbus-1/system\.d/.*\.conf'
holds '\./usr/share/polkit-1/actions/.*\.policy'
holds '\./usr/share/locale/fr/LC_MESSAGES/offduty\.mo'
holds '\./usr/share/man/man1/offduty\.1\.gz'

if command -v lintian >/dev/null; then
	complaints=$(cd "$folder" && lintian --allow-root --fail-on none "$OFFDUTY_DEB" 2>&1 | grep -E '^[EWI]:')
	if [ -n "$complaints" ]; then
		echo "$complaints"
		status=1
	fi
fi
exit $status
