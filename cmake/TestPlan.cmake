# SPDX-License-Identifier: GPL-2.0-or-later
# tests/plan.txt: which tests are slow, and in which builds ./test.sh runs them. It becomes labels:
#   quick                      not slow; with the sanitizers on, unit tests only
#   not-in-<build>, in-clang   what ./test.sh leaves out, what it takes
set(PZ_PLAN_FILE "${CMAKE_SOURCE_DIR}/tests/plan.txt")
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PZ_PLAN_FILE}")
set(PZ_QUICK_MOST 2) # seconds
file(STRINGS "${PZ_PLAN_FILE}" PZ_PLAN REGEX "^[^#]")

# pz_plan_test(<test>): gives it its cost, for long ones to start first, and its labels. The last
# line that matches decides.
function(pz_plan_test test)
  set(seconds 1)
  set(builds release,debug)
  foreach(line IN LISTS PZ_PLAN)
    if(NOT line MATCHES "^([^ ]+) +([0-9]+) +([a-z,]+)( .*)?$")
      message(FATAL_ERROR "pz: tests/plan.txt: not 'test seconds builds why': ${line}")
    endif()
    set(pattern "${CMAKE_MATCH_1}")
    set(line_seconds "${CMAKE_MATCH_2}")
    set(line_builds "${CMAKE_MATCH_3}")
    if(test MATCHES "^${pattern}$")
      set(seconds ${line_seconds})
      set(builds ${line_builds})
    endif()
  endforeach()
  set(labels "")
  if(NOT seconds GREATER PZ_QUICK_MOST AND (test MATCHES "^unit/" OR NOT CMAKE_BUILD_TYPE STREQUAL "Debug"))
    list(APPEND labels quick)
  endif()
  foreach(build IN ITEMS release debug)
    if(NOT builds MATCHES "${build}")
      list(APPEND labels not-in-${build})
    endif()
  endforeach()
  if(builds MATCHES "clang")
    list(APPEND labels in-clang)
  endif()
  set_property(TEST ${test} PROPERTY COST ${seconds})
  set_property(TEST ${test} APPEND PROPERTY LABELS ${labels})
endfunction()

# pz_plan_tests(): all tests of this folder
function(pz_plan_tests)
  get_property(tests DIRECTORY PROPERTY TESTS)
  foreach(test IN LISTS tests)
    pz_plan_test(${test})
  endforeach()
endfunction()
