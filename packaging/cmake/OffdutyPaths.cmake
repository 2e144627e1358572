# Where things are installed. The code learns it from OFFDUTY_* definitions that come with od::flags.
find_package(PkgConfig REQUIRED)

function(od_folder name package variable default description)
	pkg_get_variable(found ${package} ${variable})
	if(NOT found)
		set(found ${default})
	endif()
	set(${name} ${found} CACHE PATH ${description})
endfunction()

od_folder(OFFDUTY_SYSTEM_UNIT_DIR systemd systemdsystemunitdir /lib/systemd/system "System units")
od_folder(OFFDUTY_USER_UNIT_DIR systemd systemduserunitdir /usr/lib/systemd/user "User units")
set(OFFDUTY_LIBEXEC_DIR ${CMAKE_INSTALL_FULL_LIBEXECDIR}/offduty CACHE PATH "The daemons")
# The vendor layer of policy-language: policy.d, catalogue.d and holidays.d live below.
set(OFFDUTY_VENDOR_DIR ${CMAKE_INSTALL_PREFIX}/lib/offduty CACHE PATH "Vendor layer")
set(OFFDUTY_ADMIN_DIR /etc/offduty CACHE PATH "Admin layer")
set(OFFDUTY_VOLATILE_DIR /run/offduty CACHE PATH "Volatile layer")
set(OFFDUTY_STATE_DIR /var/lib/offduty CACHE PATH "State of the guard, last good policy")
# Lists of leave and on-call turns: kept over a reboot, so that the last good one is.
set(OFFDUTY_INSTANTS_DIR ${OFFDUTY_STATE_DIR}/instants CACHE PATH "What offduty-calendar leaves")

target_compile_definitions(od_flags INTERFACE
	OFFDUTY_VERSION="${PROJECT_VERSION}"
	OFFDUTY_LIBEXEC_DIR="${OFFDUTY_LIBEXEC_DIR}"
	OFFDUTY_VENDOR_DIR="${OFFDUTY_VENDOR_DIR}"
	OFFDUTY_ADMIN_DIR="${OFFDUTY_ADMIN_DIR}"
	OFFDUTY_VOLATILE_DIR="${OFFDUTY_VOLATILE_DIR}"
	OFFDUTY_STATE_DIR="${OFFDUTY_STATE_DIR}"
	OFFDUTY_INSTANTS_DIR="${OFFDUTY_INSTANTS_DIR}"
	OFFDUTY_LOCALE_DIR="${CMAKE_INSTALL_FULL_LOCALEDIR}")
