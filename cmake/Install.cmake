# SPDX-License-Identifier: GPL-2.0-or-later
# What is installed, and where: a tree that works wherever it is moved (tools/host/home.h).
#
#   bin/pz                        the program
#   lib/page-zero/                Unicorn and Capstone, where they are not the system's
#   share/page-zero/guests/       guests: each system's images, their programs, those of pz bench, the exercises'
#   share/page-zero/src/          exercises, headers of the monitor's parts, the guests' sources;
#                                 laid out as in the source tree
#   share/page-zero/web/          the lab's page, which `pz web` serves, or a browser opens as it is
#   share/page-zero/fleet/        for systemd, Kubernetes and Slurm
#   share/doc/page-zero/          documents; LICENSE; copyright
#   share/man/man1/               pz(1) and a page for each command
#   share/bash-completion, zsh, fish
include(GNUInstallDirs)

set(page_zero "${CMAKE_INSTALL_DATADIR}/page-zero")
set(page_zero_doc "${CMAKE_INSTALL_DATADIR}/doc/page-zero")

# Debian's zsh looks in vendor-completions, others' in site-functions.
set(zsh_folder site-functions)
if(EXISTS /etc/debian_version)
  set(zsh_folder vendor-completions)
endif()
set(PZ_ZSH_COMPLETIONS "${CMAKE_INSTALL_DATADIR}/zsh/${zsh_folder}" CACHE STRING
  "Where zsh's completion is installed")

# ---- The program and its libraries ----

set_target_properties(pz PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/page-zero")
install(TARGETS pz RUNTIME DESTINATION bin)

# pz_install_library(<name>): the unpacked library under its soname, stripped as packages want it
function(pz_install_library name)
  if(NOT PZ_${name}_FOUND_AS STREQUAL wheel)
    return()
  endif()
  string(TOLOWER "${name}" lower)
  get_target_property(soname host::${lower} IMPORTED_SONAME)
  get_target_property(link host::${lower} IMPORTED_LOCATION)
  set(stripped "${CMAKE_BINARY_DIR}/stripped/${soname}")
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/stripped")
  add_custom_command(OUTPUT "${stripped}"
    COMMAND ${CMAKE_STRIP} --strip-unneeded -o "${stripped}" "${link}"
    DEPENDS "${link}" COMMENT "Stripping ${soname}" VERBATIM)
  set_property(TARGET product APPEND PROPERTY SOURCES "${stripped}")
  install(FILES "${stripped}" DESTINATION lib/page-zero)
endfunction()

# All that is installed.
add_custom_target(product ALL)
add_dependencies(product pz guests lab)
pz_install_library(UNICORN)
pz_install_library(CAPSTONE)

# ---- Guests, exercises, sources ----

install(DIRECTORY "${CMAKE_BINARY_DIR}/guests/" DESTINATION "${page_zero}/guests"
  FILES_MATCHING PATTERN "*.elf" PATTERN "*.wasm" PATTERN "shim.bin" PATTERN "disk.img"
  REGEX "/course/[a-z]+/[a-z]+\\.o$"
  PATTERN "t_*" EXCLUDE PATTERN obj EXCLUDE PATTERN archive EXCLUDE)
foreach(folder guestos examples)
  install(DIRECTORY "${CMAKE_SOURCE_DIR}/${folder}" DESTINATION "${page_zero}/src"
    PATTERN CMakeLists.txt EXCLUDE PATTERN "guestos/tests" EXCLUDE)
endforeach()
# Parts of the monitor that students write are compiled with these (vmm/parts.h).
foreach(folder isa vmm)
  install(DIRECTORY "${CMAKE_SOURCE_DIR}/${folder}" DESTINATION "${page_zero}/src"
    FILES_MATCHING PATTERN "*.h" PATTERN "*.def" PATTERN jit EXCLUDE)
endforeach()
file(GLOB guest_headers CONFIGURE_DEPENDS tests/guest/*.inc)
install(FILES ${guest_headers} tests/guest/guest.ld DESTINATION "${page_zero}/src/tests/guest")

# What of the page could be built.
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/web")
install(DIRECTORY "${CMAKE_BINARY_DIR}/web/" DESTINATION "${page_zero}/web"
  FILES_MATCHING PATTERN "*.html" PATTERN "*.css" PATTERN "*.js")

install(DIRECTORY packaging/fleet/ DESTINATION "${page_zero}/fleet" USE_SOURCE_PERMISSIONS)

# ---- Documents ----

file(GLOB documents CONFIGURE_DEPENDS docs/*.md)
install(FILES README.md CONTRIBUTING.md LICENSE packaging/copyright DESTINATION "${page_zero_doc}")
install(FILES ${documents} DESTINATION "${page_zero_doc}/docs")
# So that the documents' links lead somewhere.
foreach(folder guestos examples)
  set(link "${CMAKE_BINARY_DIR}/links/${folder}")
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/links")
  file(CREATE_LINK "../../page-zero/src/${folder}" "${link}" SYMBOLIC)
  install(FILES "${link}" DESTINATION "${page_zero_doc}")
endforeach()

# ---- What pz says of itself: manual pages, completion ----

# pz_says(<file> <folder installed to> <words>...): the standard output of `pz <words>`
function(pz_says file folder)
  set(out "${CMAKE_BINARY_DIR}/generated/${file}")
  string(REGEX REPLACE "\\.gz$" "" plain "${out}")
  set(zip "")
  if(NOT plain STREQUAL out)
    set(zip COMMAND gzip -9nf "${plain}")
  endif()
  add_custom_command(OUTPUT "${out}"
    COMMAND pz ${ARGN} > "${plain}" ${zip}
    DEPENDS pz COMMENT "" VERBATIM)
  set_property(TARGET product APPEND PROPERTY SOURCES "${out}")
  install(FILES "${out}" DESTINATION "${folder}")
endfunction()

# The commands, as commands.c lists them: pz itself cannot be asked before it is built.
file(STRINGS tools/commands.c commands REGEX "^    {\"[a-z-]+\", \"")
list(TRANSFORM commands REPLACE "^    {\"([a-z-]+)\".*" "\\1")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS tools/commands.c)

set(man1 "${CMAKE_INSTALL_MANDIR}/man1")
pz_says(pz.1.gz "${man1}" help --man)
foreach(command IN LISTS commands)
  pz_says("pz-${command}.1.gz" "${man1}" help --man ${command})
endforeach()
pz_says(pz "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" help --completion bash)
pz_says(_pz "${PZ_ZSH_COMPLETIONS}" help --completion zsh)
pz_says(pz.fish "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" help --completion fish)

include(Package)
