# Lets other projects link what is built here: find_package(Sluice) with Sluice_DIR at the folder of
# the build.
get_property(SLUICE_OWN_ROOMS GLOBAL PROPERTY SLUICE_ROOMS)
get_property(SLUICE_OWN_CONNECTORS GLOBAL PROPERTY SLUICE_CONNECTORS)
list(TRANSFORM SLUICE_OWN_ROOMS PREPEND sluice_)
export(TARGETS ${SLUICE_OWN_ROOMS} FILE ${PROJECT_BINARY_DIR}/SluiceTargets.cmake)
configure_file(cmake/SluiceConfig.cmake.in ${PROJECT_BINARY_DIR}/SluiceConfig.cmake @ONLY)
