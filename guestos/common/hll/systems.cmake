# SPDX-License-Identifier: GPL-2.0-or-later
# The machine and its modules on the systems of other designs: guests/micro-hll.elf and exo-hll.elf.
# Included by ../../CMakeLists.txt behind those systems, whose own images stay as they are.
hll_programs(micro micro/user "${MICRO_PORT};${MICRO_CALLS}" ${MICRO}/port/user.ld MICRO_HLL)
guest_archive(MICRO_HLL_ARCHIVE micro archive-micro-hll root ${MICRO_SERVERS} ${PROGRAMS}
  ${MICRO_HLL})
guest_link(${OUT}/micro-hll.elf ${MICRO}/kernel/kernel.ld --defsym=PHYS_BASE=0
  ${MICRO_KERNEL} ${MICRO_HLL_ARCHIVE} ${LIB_OBJECTS})

hll_programs(exo exo-user "${EXO_PORT}" ${MINI}/port/user.ld EXO_HLL)
set(EXO_HLL_FILES ${EXO_FILES})
foreach(name ${EXO_HLL})
  list(APPEND EXO_HLL_FILES ${EXO_ARCHIVE}/${name})
  string(APPEND EXO_LIST "file \"${name}\"\n")
endforeach()
file(CONFIGURE OUTPUT ${OUT}/archive/exo-hll/archive.inc CONTENT "${EXO_LIST}")
set(EXO_HLL_ARCHIVE ${OUT}/obj/exo-hll-archive.o)
add_custom_command(OUTPUT ${EXO_HLL_ARCHIVE}
  COMMAND ${GUEST_CLANG} ${GUEST_FLAGS} -Wa,-I${OUT}/archive/exo-hll -Wa,-I${EXO_ARCHIVE}
    -Wa,-I${HERE}/common/files -c ${HERE}/exo/kernel/archive.S -o ${EXO_HLL_ARCHIVE}
  WORKING_DIRECTORY ${TOP}
  DEPENDS ${EXO}/kernel/archive.S ${EXO_HLL_FILES} ${TEXT_FILES} ${OUT}/archive/exo-hll/archive.inc
  COMMENT "Guest exo archive with hll"
  VERBATIM)
guest_link(${OUT}/exo-hll.elf ${EXO}/kernel/exo.ld --defsym=PHYS_BASE=0
  ${EXO_KERNEL} ${EXO_HLL_ARCHIVE} ${LIB_OBJECTS})
list(APPEND SYSTEMS ${OUT}/micro-hll.elf ${OUT}/exo-hll.elf)
