# SPDX-License-Identifier: GPL-2.0-or-later
# What makes the program fast, and its build: link-time optimisation for `pz` alone, a compiler
# cache, and a quick linker for the many test programs.
#
#   PZ_LTO      link-time optimisation of pz in release builds (ON)
#   PZ_CCACHE   compile through ccache where it is installed (ON)

option(PZ_LTO "Optimise pz at link time in release builds" ON)
option(PZ_CCACHE "Compile through ccache if there is one" ON)

if(PZ_CCACHE AND NOT CMAKE_C_COMPILER_LAUNCHER)
  find_program(PZ_CCACHE_PROGRAM ccache)
  find_program(PZ_ENV_PROGRAM env)
  if(PZ_CCACHE_PROGRAM AND PZ_ENV_PROGRAM)
    # What is not in the cache is not preprocessed once more: the compiler lists what it reads.
    set(CMAKE_C_COMPILER_LAUNCHER "${PZ_ENV_PROGRAM};CCACHE_DEPEND=1;${PZ_CCACHE_PROGRAM}")
  endif()
endif()

# The way of an exit leads through several layers: let the compiler see it whole. gcc's objects
# hold machine code besides, so that the test programs, which link the same objects, need not be
# optimised again one by one.
if(PZ_LTO AND CMAKE_BUILD_TYPE STREQUAL "Release"
    AND NOT DEFINED CMAKE_INTERPROCEDURAL_OPTIMIZATION_RELEASE)
  if(NOT DEFINED PZ_LTO_WORKS)
    include(CheckIPOSupported)
    check_ipo_supported(RESULT works OUTPUT why LANGUAGES C)
    set(PZ_LTO_WORKS "${works}" CACHE INTERNAL "Does the compiler optimise at link time?")
  endif()
  set(CMAKE_INTERPROCEDURAL_OPTIMIZATION_RELEASE ${PZ_LTO_WORKS})
  if(PZ_LTO_WORKS AND CMAKE_C_COMPILER_ID STREQUAL "GNU")
    set(PZ_FAT_OBJECTS ON)
    add_compile_options(-ffat-lto-objects)
  endif()
endif()

find_program(PZ_LLD ld.lld)

# pz_quick_link(<target>): a program that nobody waits for to run: link it in the quickest way
function(pz_quick_link target)
  if(PZ_FAT_OBJECTS)
    set_target_properties(${target} PROPERTIES INTERPROCEDURAL_OPTIMIZATION_RELEASE OFF)
    target_link_options(${target} PRIVATE -fno-lto)
  endif()
  if(PZ_LLD AND (PZ_FAT_OBJECTS OR NOT CMAKE_INTERPROCEDURAL_OPTIMIZATION_RELEASE))
    target_link_options(${target} PRIVATE -fuse-ld=lld)
  endif()
endfunction()
