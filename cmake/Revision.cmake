# SPDX-License-Identifier: GPL-2.0-or-later
# Which source pz is made from: <build>/generated/revision.h, looked at in every build, written only
# when it changes, and included by tools/pz.c alone, so that a commit costs one compilation.
# In a git checkout it is asked of git; in an archive made by `git archive` it is in revision.txt;
# elsewhere it is not known, and the strings are empty.
#
# As a script: cmake -DSOURCE=<source tree> -DOUT=<file> -P Revision.cmake
function(pz_revision source revision date)
  set(${revision} "" PARENT_SCOPE)
  set(${date} "" PARENT_SCOPE)
  # Not of a repository that happens to lie around an unpacked archive.
  if(EXISTS "${source}/.git")
    find_program(GIT git)
    execute_process(COMMAND "${GIT}" -C "${source}" describe --tags --always --dirty --abbrev=12 --match "v[0-9]*"
      OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    execute_process(COMMAND "${GIT}" -C "${source}" log -1 --format=%cs
      OUTPUT_VARIABLE day OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    set(${revision} "${described}" PARENT_SCOPE)
    set(${date} "${day}" PARENT_SCOPE)
    return()
  endif()
  file(STRINGS "${source}/cmake/revision.txt" archived REGEX "^[0-9a-f]+ [0-9-]+$")
  if(archived MATCHES "^([0-9a-f]+) ([0-9-]+)$")
    set(${revision} "${CMAKE_MATCH_1}" PARENT_SCOPE)
    set(${date} "${CMAKE_MATCH_2}" PARENT_SCOPE)
  endif()
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  pz_revision("${SOURCE}" revision date)
  set(text "/* Made by cmake/Revision.cmake. */\n#define PZ_REVISION \"${revision}\"\n#define PZ_DATE \"${date}\"\n")
  set(was "")
  if(EXISTS "${OUT}")
    file(READ "${OUT}" was)
  endif()
  if(NOT was STREQUAL text)
    file(WRITE "${OUT}" "${text}")
  endif()
  return()
endif()

set(revision_header "${CMAKE_BINARY_DIR}/generated/revision.h")
add_custom_target(revision
  COMMAND ${CMAKE_COMMAND} "-DSOURCE=${CMAKE_SOURCE_DIR}" "-DOUT=${revision_header}"
    -P "${CMAKE_CURRENT_LIST_FILE}"
  BYPRODUCTS "${revision_header}" COMMENT "" VERBATIM)
add_dependencies(pz revision)
target_include_directories(pz PRIVATE "${CMAKE_BINARY_DIR}/generated")
