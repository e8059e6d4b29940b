# What an outside program needs: core and client_sdk, as a CMake package and for pkg-config.
# `cmake --install <build> --prefix <prefix> --component sdk` installs this and nothing else.
include(CMakePackageConfigHelpers)

set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/sorteo)

# A static library carries its private parts along to those who link it.
set_target_properties(sorteo_asio PROPERTIES EXPORT_NAME asio)
install(TARGETS sorteo_core sorteo_asio sorteo_client_sdk EXPORT sorteoTargets
        ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR} COMPONENT sdk)
install(EXPORT sorteoTargets NAMESPACE sorteo:: DESTINATION ${package_dir} COMPONENT sdk)

# Of client_sdk only the public headers; the others show Asio or Boost.
install(FILES client.hpp outbox_options.hpp
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sorteo/client_sdk COMPONENT sdk)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/core/
        DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/sorteo/core COMPONENT sdk
        FILES_MATCHING PATTERN *.hpp)

configure_package_config_file(sorteoConfig.cmake.in ${PROJECT_BINARY_DIR}/sorteoConfig.cmake
                              INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/sorteoConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/sorteoConfig.cmake ${PROJECT_BINARY_DIR}/sorteoConfigVersion.cmake
        DESTINATION ${package_dir} COMPONENT sdk)

# The prefix may be chosen when installing, so the file finds it from its own place.
set(pkgconfig_dir ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig)
file(RELATIVE_PATH SORTEO_PC_PREFIX ${pkgconfig_dir} ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH SORTEO_PC_LIBDIR ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH SORTEO_PC_INCLUDEDIR ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(sorteo.pc.in ${PROJECT_BINARY_DIR}/sorteo.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/sorteo.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig
        COMPONENT sdk)
