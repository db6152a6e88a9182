# SPDX-License-Identifier: GPL-2.0-or-later
# The high-level-language machine. HLL_OBJECTS: it, for a system's program `hll` (guest_program);
# guests/hll/NAME.wasm: the programs of programs/ as modules, HLL_MODULES. Compiled for the computer
# itself they are programs too, to compare: HLL_NATIVE. Without wasm-ld there are no modules.
find_program(GUEST_WASM_LD NAMES wasm-ld-14 wasm-ld)
set(HLL ${COMMON}/hll)
file(GLOB HLL_SOURCES CONFIGURE_DEPENDS ${HLL}/hll_*.c)
file(GLOB HLL_HEADERS CONFIGURE_DEPENDS ${HLL}/*.h ${HLL}/*.def)
guest_objects(HLL_OBJECTS hll "${PROGRAM_INCLUDES}" ${HLL_SOURCES} ${COMMON}/programs/hll.c)

set(HLL_MODULES sieve queens digest order trees)
set(HLL_NATIVE sieve queens digest order)
foreach(program ${HLL_NATIVE})
  guest_objects(PROGRAM_${program} hll "${PROGRAM_INCLUDES}"
    ${HLL}/programs/${program}.c ${HLL}/port/native.c ${HLL}/hll_divide.c)
endforeach()

set(WASM_FLAGS --target=wasm32 -ffreestanding -nostdlib -std=gnu17 -O2 -Wall -Wextra -Werror)
set(WASM_LIBRARY guestos/common/hll/port/port.c guestos/common/programs/ulib.c
  guestos/common/lib/string.c guestos/common/lib/format.c)
set(HLL_FILES)
if(GUEST_WASM_LD)
  file(MAKE_DIRECTORY ${OUT}/hll)
  foreach(program ${HLL_MODULES})
    set(objects)
    foreach(source guestos/common/hll/programs/${program}.c ${WASM_LIBRARY})
      get_filename_component(name ${source} NAME_WE)
      set(object ${OUT}/obj/hll/wasm/${program}/${name}.o)
      file(MAKE_DIRECTORY ${OUT}/obj/hll/wasm/${program})
      add_custom_command(OUTPUT ${object}
        COMMAND ${CMAKE_C_COMPILER_LAUNCHER} ${GUEST_CLANG} ${WASM_FLAGS} ${PROGRAM_INCLUDES}
          -c ${source} -o ${object}
        WORKING_DIRECTORY ${TOP}
        DEPENDS ${TOP}/${source} ${GUEST_HEADERS} ${HLL_HEADERS}
        VERBATIM)
      list(APPEND objects ${object})
    endforeach()
    add_custom_command(OUTPUT ${OUT}/hll/${program}.wasm
      COMMAND ${GUEST_WASM_LD} --strip-all --gc-sections -z stack-size=16384
        -o ${OUT}/hll/${program}.wasm ${objects}
      DEPENDS ${objects} COMMENT "Guest module ${program}.wasm" VERBATIM)
    list(APPEND HLL_FILES ${OUT}/hll/${program}.wasm)
  endforeach()
endif()

# hll_programs(SYSTEM FOLDER PORT_OBJECTS LINKER_SCRIPT VAR): `hll`, the modules and the native ones for
# a system, in guests/archive/SYSTEM; VAR gets their names, for guest_archive().
function(hll_programs system folder port script var)
  set(names hll)
  guest_program(${system} ${folder} "${port}" ${script} hll "${HLL_OBJECTS}")
  foreach(program ${HLL_NATIVE})
    guest_program(${system} ${folder} "${port}" ${script} ${program} "")
    list(APPEND names ${program})
  endforeach()
  foreach(module ${HLL_FILES})
    get_filename_component(name ${module} NAME)
    add_custom_command(OUTPUT ${OUT}/archive/${system}/${name}
      COMMAND ${CMAKE_COMMAND} -E copy ${module} ${OUT}/archive/${system}/${name}
      DEPENDS ${module} VERBATIM)
    list(APPEND names ${name})
  endforeach()
  set(${var} ${names} PARENT_SCOPE)
endfunction()
