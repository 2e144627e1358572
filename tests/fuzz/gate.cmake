if(TARGET od_gate)
	od_fuzz(shim_stream od::shim)
	od_fuzz(held_row od::gate)
endif()
