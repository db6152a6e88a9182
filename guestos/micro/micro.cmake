# SPDX-License-Identifier: GPL-2.0-or-later
# micro: a microkernel, its servers, and the common programs on them. Included by ../CMakeLists.txt,
# and uses what that has found and set; the firmware's interface and the device tree are read by mini's sources.
set(MICRO ${CMAKE_CURRENT_SOURCE_DIR}/micro)
set(MICRO_INCLUDES ${COMMON_INCLUDES} -I${HERE}/micro/include)
set(MICRO_SERVERS con fs null block mem proc)
set(MICRO_PROGRAMS ipc hostile)
file(GLOB MICRO_HEADERS CONFIGURE_DEPENDS ${MICRO}/*/*.h ${MICRO}/include/micro/* ${MICRO}/servers/*.def)
list(APPEND GUEST_HEADERS ${MICRO_HEADERS})

file(GLOB MICRO_KERNEL_SOURCES CONFIGURE_DEPENDS ${MICRO}/kernel/*.c ${MICRO}/kernel/*.S)
guest_objects(MICRO_KERNEL micro "${MICRO_INCLUDES};-I${HERE}/mini/kernel" ${MICRO_KERNEL_SOURCES}
  ${MINI}/kernel/sbi.c ${MINI}/kernel/fdt.c)

set(MICRO_USER_INCLUDES ${MICRO_INCLUDES} -I${HERE}/micro/lib)
guest_objects(MICRO_CALLS micro "${MICRO_USER_INCLUDES}" ${MICRO}/lib/kcall.S)
guest_objects(MICRO_SERVER micro "${MICRO_USER_INCLUDES}" ${MICRO}/lib/server.c ${MICRO}/lib/start.S)
guest_objects(MICRO_PORT micro "${MICRO_USER_INCLUDES}" ${MICRO}/port/crt0.S ${MICRO}/port/sys.c)

# micro_server(NAME SOURCE...): a server, as a file of the archive.
function(micro_server name)
  set(sources ${ARGN})
  list(TRANSFORM sources PREPEND ${MICRO}/servers/)
  guest_objects(objects micro "${MICRO_USER_INCLUDES}" ${sources})
  guest_program(micro micro/user "${MICRO_SERVER};${MICRO_CALLS}" ${MICRO}/port/user.ld ${name}
    "${objects}")
endfunction()

common_programs(micro micro/user "${MICRO_PORT};${MICRO_CALLS}" ${MICRO}/port/user.ld ${PROGRAMS}
  ${WORKLOAD})
micro_server(root root.c build.c)
micro_server(con con.c)
micro_server(fs fs.c)
micro_server(null null.c)
micro_server(block block.c)
micro_server(mem mem.c pages.c task.c)
micro_server(proc proc.c process.c files.c pipe.c load.c)
foreach(program ${MICRO_PROGRAMS})
  guest_objects(objects micro "${MICRO_USER_INCLUDES};-I${HERE}/common/programs"
    ${MICRO}/programs/${program}.c)
  guest_program(micro micro/user "${MICRO_PORT};${MICRO_CALLS}" ${MICRO}/port/user.ld ${program}
    "${objects}")
endforeach()
guest_archive(MICRO_ARCHIVE micro archive-micro root ${MICRO_SERVERS} ${PROGRAMS} ${WORKLOAD}
  ${MICRO_PROGRAMS})

set(MICRO_OBJECTS ${MICRO_KERNEL} ${MICRO_ARCHIVE} ${LIB_OBJECTS})
guest_link(${OUT}/micro.elf ${MICRO}/kernel/kernel.ld --defsym=PHYS_BASE=0 ${MICRO_OBJECTS})
guest_link(${OUT}/micro-virt.elf ${MICRO}/kernel/kernel.ld --defsym=PHYS_BASE=${VIRT_PHYS_BASE}
  ${MICRO_OBJECTS})

# The kernel with a hostile program in root's place.
guest_objects(objects micro "${MICRO_USER_INCLUDES}" ${MICRO}/attack/attack.c)
guest_program(micro-attack micro-attack/user "${MICRO_SERVER};${MICRO_CALLS}" ${MICRO}/port/user.ld
  root "${objects}")
guest_archive(MICRO_ATTACK micro-attack archive-micro-attack root)
set(MICRO_ATTACK_OBJECTS ${MICRO_KERNEL} ${MICRO_ATTACK} ${LIB_OBJECTS})
guest_link(${OUT}/micro-attack.elf ${MICRO}/kernel/kernel.ld --defsym=PHYS_BASE=0
  ${MICRO_ATTACK_OBJECTS})
guest_link(${OUT}/micro-attack-virt.elf ${MICRO}/kernel/kernel.ld
  --defsym=PHYS_BASE=${VIRT_PHYS_BASE} ${MICRO_ATTACK_OBJECTS})
file(MAKE_DIRECTORY ${OUT}/archive/micro-attack ${OUT}/micro-attack/user)
list(APPEND SYSTEMS ${OUT}/micro.elf ${OUT}/micro-virt.elf ${OUT}/micro-attack.elf
  ${OUT}/micro-attack-virt.elf)
