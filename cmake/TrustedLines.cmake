# SPDX-License-Identifier: GPL-2.0-or-later
# Lines of code that each kind of system trusts, for `pz compare --systems`:
# <build>/generated/trusted_lines.h, counted anew when one of the files changes.
set(trusted_header "${CMAKE_BINARY_DIR}/generated/trusted_lines.h")
set(trusted_script "${CMAKE_SOURCE_DIR}/scripts/trusted_lines.sh")
file(GLOB_RECURSE trusted_files CONFIGURE_DEPENDS guestos/mini/*.[chS] guestos/mini/*.def
  guestos/micro/*.[chS] guestos/micro/*.def guestos/exo/*.[chS] guestos/exo/*.def
  guestos/common/lib/*.[chS])
add_custom_command(OUTPUT "${trusted_header}"
  COMMAND bash "${trusted_script}" "${trusted_header}"
  DEPENDS "${trusted_script}" "${CMAKE_SOURCE_DIR}/scripts/code_lines.awk" ${trusted_files}
    ${isa_sources} ${board_sources} ${vmm_sources}
  COMMENT "Counting trusted lines" VERBATIM)
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/generated")
target_sources(pz_tools PRIVATE "${trusted_header}")
target_include_directories(pz_tools PRIVATE "${CMAKE_BINARY_DIR}/generated")
