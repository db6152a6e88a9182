# SPDX-License-Identifier: GPL-2.0-or-later
# Packages, by cpack: a .deb for the Debian that it is made on, and a .tar.zst of the tree that
# cmake --install makes.
set(PZ_CONTACT "Page Zero maintainers <maintainers@page-zero.example>" CACHE STRING
  "Who answers for packages made here")

set(CPACK_GENERATOR "TZST")
find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(DPKG_SHLIBDEPS)
  list(PREPEND CPACK_GENERATOR DEB)
endif()
set(CPACK_PACKAGE_NAME page-zero)
set(CPACK_PACKAGE_CONTACT "${PZ_CONTACT}")
set(CPACK_PACKAGE_DIRECTORY "${CMAKE_BINARY_DIR}/packages")
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)
set(CPACK_ARCHIVE_THREADS 0)

# ---- Debian ----

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION misc)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clang, lld, gcc | c-compiler, libc6-dev")
if(PZ_HAVE_WEBSOCKETS) # loaded when it is needed, so dpkg-shlibdeps does not see it
  string(REGEX REPLACE "\\.so\\.([0-9]+).*" "\\1" websockets_package "${PZ_WEBSOCKETS_FILE}")
  string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS ", ${websockets_package}")
endif()
foreach(library UNICORN CAPSTONE) # the same
  if(PZ_${library}_FOUND_AS STREQUAL system)
    string(REGEX REPLACE "\\.so\\.([0-9]+).*" "\\1" package "${PZ_${library}_FILE}")
    string(APPEND CPACK_DEBIAN_PACKAGE_RECOMMENDS ", ${package}")
  endif()
endforeach()
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gdb-multiarch, qemu-system-misc")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "small virtual machine monitor for teaching")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Page Zero (pz) is a trap-and-emulate virtual machine monitor in the
manner of Disco. It runs unmodified guest kernels deprivileged, emulates
every privileged instruction that traps, and gives each guest its own
physical page 0 through shadow page tables. The computer is a strict
subset of 32-bit RISC-V.
.
With it come a small guest operating system, a debugger that goes
backwards, benchmarks, and the exercises of a course with their grader.")

# What only a Debian package has, put into the tree before it is packed.
pz_revision("${CMAKE_SOURCE_DIR}" revision day)
if(NOT day)
  set(day "2026-01-01")
endif()
set(CPACK_PZ_CHANGELOG_DAY "${day}")
set(CPACK_PZ_SOURCE_DIR "${CMAKE_SOURCE_DIR}")
set(CPACK_PZ_SHLIBDEPS "${DPKG_SHLIBDEPS}")
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/PackageDebian.cmake")

include(CPack)
