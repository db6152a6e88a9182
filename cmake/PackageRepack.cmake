# SPDX-License-Identifier: GPL-2.0-or-later
# Run by cpack when packages are made. cpack takes libraries in a folder of the package's own for
# ones that all programs may use, and adds scripts that call ldconfig; without them there is nothing
# to run when the package is installed.
if(NOT CPACK_GENERATOR STREQUAL DEB)
  return()
endif()
set(folder "${CPACK_TOPLEVEL_DIRECTORY}/control")
foreach(package IN LISTS CPACK_PACKAGE_FILES)
  file(REMOVE_RECURSE "${folder}")
  execute_process(COMMAND dpkg-deb -e "${package}" "${folder}" COMMAND_ERROR_IS_FATAL ANY)
  file(REMOVE "${folder}/postinst" "${folder}/postrm")
  execute_process(COMMAND tar --sort=name --owner=0 --group=0 --numeric-owner -C "${folder}" -czf
      "${CPACK_TOPLEVEL_DIRECTORY}/control.tar.gz" . COMMAND_ERROR_IS_FATAL ANY)
  execute_process(COMMAND ar r "${package}" "${CPACK_TOPLEVEL_DIRECTORY}/control.tar.gz"
    COMMAND_ERROR_IS_FATAL ANY)
endforeach()
