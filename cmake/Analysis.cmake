# SPDX-License-Identifier: GPL-2.0-or-later
# Targets that read the source and find fault with it:
#   tidy      clang-tidy, with the checks of .clang-tidy
#   spelling  codespell, with the words of .codespellrc
# and an option, which the preset `analyzer` sets:
#   PZ_ANALYZER   compile with gcc's -fanalyzer; what it finds is an error
option(PZ_ANALYZER "Compile with gcc's -fanalyzer" OFF)
if(PZ_ANALYZER)
  add_compile_options(-fanalyzer)
  # gcc 12 loses track of memory that a structure owns, and of structures that are returned or
  # filled in by a callee: all that it finds so is false.
  add_compile_options(-Wno-analyzer-malloc-leak -Wno-analyzer-use-of-uninitialized-value)
endif()

find_program(PZ_RUN_CLANG_TIDY NAMES run-clang-tidy run-clang-tidy-14)
if(PZ_RUN_CLANG_TIDY)
  add_custom_target(tidy
    COMMAND "${PZ_RUN_CLANG_TIDY}" -quiet -p "${CMAKE_BINARY_DIR}"
      -extra-arg=-Wno-ignored-optimization-argument -extra-arg=-Wno-unknown-warning-option
      "^${CMAKE_SOURCE_DIR}/(isa|vmm|tools|tests)/"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" USES_TERMINAL VERBATIM)
endif()

find_program(PZ_CODESPELL codespell)
if(PZ_CODESPELL)
  add_custom_target(spelling COMMAND "${PZ_CODESPELL}"
    WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}" USES_TERMINAL VERBATIM)
endif()
