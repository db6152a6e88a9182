# SPDX-License-Identifier: GPL-2.0-or-later
# Finds the host libraries. libfdt, jansson, xxhash, zlib and zstd are needed as soon as there are tools; Unicorn
# (an engine), Capstone (the disassembler) and libedit (line editing) are optional.
#
# Unicorn and Capstone are looked for first where scripts/setup.sh unpacks them
# (PZ_DEPS/<name>/include and lib), then on the system. PZ_UNICORN and PZ_CAPSTONE choose:
#   auto   the unpacked one, else the system's, else do without (the default)
#   wheel  the unpacked one or stop
#   system the system's or stop
#   none   do without
find_package(PkgConfig REQUIRED)

set(PZ_DEPS "${CMAKE_SOURCE_DIR}/build/deps" CACHE PATH "Where Unicorn and Capstone are unpacked")
set(PZ_UNICORN auto CACHE STRING "Which Unicorn: auto, wheel, system or none")
set(PZ_CAPSTONE auto CACHE STRING "Which Capstone: auto, wheel, system or none")
set_property(CACHE PZ_UNICORN PZ_CAPSTONE PROPERTY STRINGS auto wheel system none)

# Makes host::<name> of an unpacked library. The binary finds it through <build>/lib, so that
# its run path can be relative, under the name its SONAME promises.
function(pz_unpacked_library name header file soname)
  set(dir "${PZ_DEPS}/${name}")
  if(NOT EXISTS "${dir}/include/${header}" OR NOT EXISTS "${dir}/lib/${file}")
    return()
  endif()
  file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/lib")
  file(RELATIVE_PATH target "${CMAKE_BINARY_DIR}/lib" "${dir}/lib/${file}")
  file(CREATE_LINK "${target}" "${CMAKE_BINARY_DIR}/lib/${soname}" SYMBOLIC)
  add_library(host::${name} SHARED IMPORTED GLOBAL)
  set_target_properties(host::${name} PROPERTIES
    IMPORTED_LOCATION "${CMAKE_BINARY_DIR}/lib/${soname}"
    IMPORTED_SONAME "${soname}"
    INTERFACE_INCLUDE_DIRECTORIES "${dir}/include")
endfunction()

# Makes host::<name> of what pkg-config knows, if it is at least <version>.
function(pz_system_library name version)
  string(TOUPPER "HOST_${name}" prefix)
  pkg_check_modules(${prefix} QUIET IMPORTED_TARGET GLOBAL "${name}>=${version}")
  if(${prefix}_FOUND)
    add_library(host::${name} ALIAS PkgConfig::${prefix})
  endif()
endfunction()

# pz_optional_library(<name> <choice> <header> <file> <soname> <least system version>)
# Sets PZ_HAVE_<NAME> to 0 or 1 and PZ_<NAME>_FOUND_AS to a word for the log.
function(pz_optional_library name choice header file soname version)
  set(found_as none)
  # Left from another choice, it would be found in place of the system's when pz starts.
  file(REMOVE "${CMAKE_BINARY_DIR}/lib/${soname}")
  if(NOT choice MATCHES "^(auto|wheel|system|none)$")
    message(FATAL_ERROR "pz: ${name}: choose auto, wheel, system or none, not '${choice}'")
  endif()
  if(choice MATCHES "^(auto|wheel)$")
    pz_unpacked_library(${name} ${header} ${file} ${soname})
    if(TARGET host::${name})
      set(found_as wheel)
    endif()
  endif()
  if(found_as STREQUAL none AND choice MATCHES "^(auto|system)$")
    pz_system_library(${name} ${version})
    if(TARGET host::${name})
      set(found_as system)
    endif()
  endif()
  if(found_as STREQUAL none AND choice MATCHES "^(wheel|system)$")
    message(FATAL_ERROR "pz: no ${name} as '${choice}' (${version} or newer; unpacked ones in ${PZ_DEPS})")
  endif()
  string(TOUPPER "${name}" upper)
  set(have 1)
  if(found_as STREQUAL none)
    set(have 0)
  endif()
  set(PZ_HAVE_${upper} ${have} PARENT_SCOPE)
  set(PZ_${upper}_FOUND_AS ${found_as} PARENT_SCOPE)
  set(PZ_${upper}_FILE ${soname} PARENT_SCOPE)
endfunction()

# pz_loads(<target> <name>): the library is loaded when it is needed, not when pz starts
# (isa/engine/unicorn_library.h, tools/show/capstone_library.h).
function(pz_loads target name)
  string(TOUPPER "${name}" upper)
  set(scope PUBLIC)
  get_target_property(type ${target} TYPE)
  if(type STREQUAL INTERFACE_LIBRARY)
    set(scope INTERFACE)
  endif()
  target_include_directories(${target} SYSTEM ${scope} "$<TARGET_PROPERTY:host::${name},INTERFACE_INCLUDE_DIRECTORIES>")
  target_compile_definitions(${target} ${scope} PZ_${upper}_FILE="${PZ_${upper}_FILE}")
endfunction()

pz_optional_library(unicorn "${PZ_UNICORN}" unicorn/unicorn.h libunicorn.so.2 libunicorn.so.2 2.0.0)
# Older Capstones (4 and before) know no RISC-V.
pz_optional_library(capstone "${PZ_CAPSTONE}" capstone/capstone.h libcapstone.so libcapstone.so.5 5.0)

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
set(PZ_TOOLS_LIBRARIES m ${CMAKE_DL_LIBS} Threads::Threads)
file(GLOB pz_tools_here "${CMAKE_SOURCE_DIR}/tools/*/*.c")
if(pz_tools_here)
  # Debian's libfdt has no pkg-config file.
  find_path(LIBFDT_INCLUDE_DIR libfdt.h REQUIRED)
  find_library(LIBFDT_LIBRARY fdt REQUIRED)
  add_library(host::fdt UNKNOWN IMPORTED)
  set_target_properties(host::fdt PROPERTIES
    IMPORTED_LOCATION "${LIBFDT_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBFDT_INCLUDE_DIR}")
  pkg_check_modules(HOST_JANSSON REQUIRED QUIET IMPORTED_TARGET jansson)
  # Hashes of machine states, and compressed recordings.
  pkg_check_modules(HOST_XXHASH REQUIRED QUIET IMPORTED_TARGET libxxhash>=0.8)
  pkg_check_modules(HOST_ZSTD REQUIRED QUIET IMPORTED_TARGET libzstd)
  pkg_check_modules(HOST_ZLIB REQUIRED QUIET IMPORTED_TARGET zlib)
  list(APPEND PZ_TOOLS_LIBRARIES host::fdt PkgConfig::HOST_JANSSON PkgConfig::HOST_XXHASH
    PkgConfig::HOST_ZSTD PkgConfig::HOST_ZLIB)
endif()

pkg_check_modules(HOST_LIBEDIT QUIET IMPORTED_TARGET libedit)
set(PZ_HAVE_EDITLINE 0)
if(HOST_LIBEDIT_FOUND)
  set(PZ_HAVE_EDITLINE 1)
  list(APPEND PZ_TOOLS_LIBRARIES PkgConfig::HOST_LIBEDIT)
endif()
# Source lines in the debugger.
pkg_check_modules(HOST_LIBDW QUIET IMPORTED_TARGET libdw libelf)
set(PZ_HAVE_LIBDW 0)
if(HOST_LIBDW_FOUND AND NOT PZ_LIBDW STREQUAL none)
  set(PZ_HAVE_LIBDW 1)
  list(APPEND PZ_TOOLS_LIBRARIES PkgConfig::HOST_LIBDW)
endif()
# Walls around student code that pz grade runs.
set(PZ_SECCOMP auto CACHE STRING "libseccomp: auto (the system's, else do without) or none")
pkg_check_modules(HOST_SECCOMP QUIET IMPORTED_TARGET libseccomp)
set(PZ_HAVE_SECCOMP 0)
if(HOST_SECCOMP_FOUND AND NOT PZ_SECCOMP STREQUAL none)
  set(PZ_HAVE_SECCOMP 1)
  list(APPEND PZ_TOOLS_LIBRARIES PkgConfig::HOST_SECCOMP)
endif()
# The user's network of guests.
set(PZ_SLIRP auto CACHE STRING "libslirp: auto (the system's, else do without) or none")
# Its pkg-config file asks for GLib's headers, which are not needed.
find_path(LIBSLIRP_INCLUDE_DIR slirp/libslirp.h)
find_library(LIBSLIRP_LIBRARY slirp)
set(PZ_HAVE_SLIRP 0)
if(LIBSLIRP_INCLUDE_DIR AND LIBSLIRP_LIBRARY AND NOT PZ_SLIRP STREQUAL none)
  set(PZ_HAVE_SLIRP 1)
  add_library(host::slirp UNKNOWN IMPORTED)
  set_target_properties(host::slirp PROPERTIES
    IMPORTED_LOCATION "${LIBSLIRP_LIBRARY}"
    INTERFACE_INCLUDE_DIRECTORIES "${LIBSLIRP_INCLUDE_DIR}")
  list(APPEND PZ_TOOLS_LIBRARIES host::slirp)
endif()
# The server of pz web: loaded when it starts (tools/web/server_library.h).
set(PZ_WEBSOCKETS auto CACHE STRING "libwebsockets: auto (the system's, else do without) or none")
pkg_check_modules(HOST_WEBSOCKETS QUIET IMPORTED_TARGET libwebsockets>=4.0)
set(PZ_HAVE_WEBSOCKETS 0)
if(HOST_WEBSOCKETS_FOUND AND NOT PZ_WEBSOCKETS STREQUAL none)
  set(PZ_HAVE_WEBSOCKETS 1)
  list(GET HOST_WEBSOCKETS_LINK_LIBRARIES 0 websockets)
  get_filename_component(websockets "${websockets}" REALPATH)
  get_filename_component(PZ_WEBSOCKETS_FILE "${websockets}" NAME)
endif()
