# A small service on real private buses, and who may call what.
add_executable(bus_trial integration/bus/trial.c)
target_link_libraries(bus_trial PRIVATE od::bus od::runtime od::flags PkgConfig::SYSTEMD)
od_bus_interface(bus_trial ${CMAKE_CURRENT_LIST_DIR}/bus/org.offduty1.Trial.xml)
add_executable(bus_flood integration/bus/flood.c)
target_link_libraries(bus_flood PRIVATE od::flags PkgConfig::DBUS)
