od_fuzz(wire od::bus)
