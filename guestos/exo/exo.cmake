# SPDX-License-Identifier: GPL-2.0-or-later
# The exokernel and its library systems: guests/exo.elf, loaded at physical page 0, and
# guests/exo-virt.elf, loaded where QEMU's virt machine has memory. Uses what ../CMakeLists.txt has
# found and set.
set(EXO ${CMAKE_CURRENT_SOURCE_DIR}/exo)
set(EXO_INCLUDES -I${HERE}/exo/include ${COMMON_INCLUDES})
set(EXO_KERNEL_INCLUDES ${EXO_INCLUDES} -I${HERE}/mini/kernel)
set(EXO_FLAT_INCLUDES ${EXO_INCLUDES} -I${HERE}/exo/lib -I${HERE}/mini/include -I${HERE}/mini/kernel)
set(EXO_ARCHIVE ${OUT}/archive/exo)
file(GLOB EXO_HEADERS CONFIGURE_DEPENDS ${EXO}/*/*.h ${EXO}/*/*.def ${EXO}/*/*/*.h ${EXO}/*/*/*.def)
list(APPEND GUEST_HEADERS ${EXO_HEADERS})
file(MAKE_DIRECTORY ${EXO_ARCHIVE} ${OUT}/exo-user)
set(EXO_FILES)

# exo_system(NAME BASE SCRIPT SOURCE...): a library system, as a flat image that runs where it lies.
function(exo_system name base script)
  set(includes ${EXO_FLAT_INCLUDES})
  guest_objects(crt0 exo_${name} "${includes};-DBASE=${base}" ${EXO}/lib/crt0.S)
  guest_objects(objects exo_${name} "${includes}" ${ARGN})
  guest_link(${OUT}/exo-user/${name}.elf ${script} "--defsym=BASE=${base};--nmagic"
    ${crt0} ${objects} ${LIB_OBJECTS})
  add_custom_command(OUTPUT ${EXO_ARCHIVE}/${name}
    COMMAND ${GUEST_OBJCOPY} -O binary ${OUT}/exo-user/${name}.elf ${EXO_ARCHIVE}/${name}
    DEPENDS ${OUT}/exo-user/${name}.elf
    VERBATIM)
  set(EXO_FILES ${EXO_FILES} ${EXO_ARCHIVE}/${name} PARENT_SCOPE)
endfunction()

set(EXO_FLAT ${EXO}/lib/flat.c)
set(FLAT ${EXO}/lib/flat.ld)
exo_system(boot 0x10000 ${FLAT} ${EXO}/boot/boot.c ${EXO_FLAT})
file(GLOB EXO_POSIX CONFIGURE_DEPENDS ${EXO}/posix/*.c)
exo_system(posix 0x9f800000 ${EXO}/posix/posix.ld ${EXO}/posix/start.S ${EXO_POSIX}
  ${MINI}/kernel/file.c ${MINI}/kernel/pipe.c ${MINI}/kernel/ramfs.c ${MINI}/kernel/console.c)

file(GLOB EXO_HOSTILE CONFIGURE_DEPENDS ${EXO}/hostile/*.c)
exo_system(hostile 0x10000 ${FLAT} ${EXO_HOSTILE} ${EXO_FLAT})
exo_system(answer 0x10000 ${FLAT} ${EXO}/answer/answer.c ${EXO_FLAT})
exo_system(devices 0x10000 ${FLAT} ${EXO}/devices/devices.c ${EXO_FLAT})
exo_system(gauge 0x10000 ${FLAT} ${EXO}/gauge/gauge.c ${EXO}/gauge/handler.S ${EXO_FLAT})

# The common programs, with the library's stubs.
guest_objects(EXO_PORT exo_port "${COMMON_INCLUDES};-I${HERE}/mini/include;-I${HERE}/exo/posix"
  ${MINI}/port/crt0.S ${EXO}/posix/usys.S)
common_programs(exo exo-user "${EXO_PORT}" ${MINI}/port/user.ld ${PROGRAMS} ${WORKLOAD})
foreach(program ${PROGRAMS} ${WORKLOAD})
  list(APPEND EXO_FILES ${EXO_ARCHIVE}/${program})
endforeach()

# One of mini's own, byte for byte: it traps where the others call.
add_custom_command(OUTPUT ${EXO_ARCHIVE}/cowtest-mini
  COMMAND ${CMAKE_COMMAND} -E copy ${OUT}/archive/mini/cowtest ${EXO_ARCHIVE}/cowtest-mini
  DEPENDS ${OUT}/archive/mini/cowtest
  VERBATIM)
list(APPEND EXO_FILES ${EXO_ARCHIVE}/cowtest-mini)

set(EXO_LIST "")
foreach(file ${EXO_FILES} ${TEXT_FILES})
  get_filename_component(name ${file} NAME)
  string(APPEND EXO_LIST "file \"${name}\"\n")
endforeach()
file(CONFIGURE OUTPUT ${EXO_ARCHIVE}/archive.inc CONTENT "${EXO_LIST}")
set(EXO_ARCHIVE_OBJECT ${OUT}/obj/exo-archive.o)
add_custom_command(OUTPUT ${EXO_ARCHIVE_OBJECT}
  COMMAND ${GUEST_CLANG} ${GUEST_FLAGS} -Wa,-I${EXO_ARCHIVE} -Wa,-I${HERE}/common/files
    -c ${HERE}/exo/kernel/archive.S -o ${EXO_ARCHIVE_OBJECT}
  WORKING_DIRECTORY ${TOP}
  DEPENDS ${EXO}/kernel/archive.S ${EXO_FILES} ${TEXT_FILES} ${EXO_ARCHIVE}/archive.inc
  COMMENT "Guest exo archive"
  VERBATIM)

file(GLOB EXO_KERNEL_SOURCES CONFIGURE_DEPENDS ${EXO}/kernel/*.c)
guest_objects(EXO_KERNEL exo_kernel "${EXO_KERNEL_INCLUDES}" ${EXO_KERNEL_SOURCES}
  ${EXO}/kernel/entry.S ${MINI}/kernel/boot.S ${MINI}/kernel/sbi.c ${MINI}/kernel/fdt.c)
set(EXO_OBJECTS ${EXO_KERNEL} ${EXO_ARCHIVE_OBJECT} ${LIB_OBJECTS})
guest_link(${OUT}/exo.elf ${EXO}/kernel/exo.ld --defsym=PHYS_BASE=0 ${EXO_OBJECTS})
guest_link(${OUT}/exo-virt.elf ${EXO}/kernel/exo.ld --defsym=PHYS_BASE=${VIRT_PHYS_BASE}
  ${EXO_OBJECTS})
add_custom_target(exo_guests DEPENDS ${OUT}/exo.elf ${OUT}/exo-virt.elf)
list(APPEND SYSTEMS ${OUT}/exo.elf ${OUT}/exo-virt.elf)
