# SPDX-License-Identifier: GPL-2.0-or-later
# mini with boxes: guests/box.elf, the kernel's own objects and those of this folder, joined by the
# linker (box.h). Its files are mini's, the workload's, the high-level-language machine's, `box`, and
# images for boxes.
set(BOX ${MINI}/box)
file(GLOB BOX_SOURCES CONFIGURE_DEPENDS ${BOX}/*.c ${MINI}/linux/*.c)
file(STRINGS ${BOX}/wraps.txt BOX_WRAPS)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${BOX}/wraps.txt)
list(TRANSFORM BOX_WRAPS PREPEND --wrap=)
guest_objects(BOX_OBJECTS box "${MINI_INCLUDES}" ${BOX_SOURCES})

set(BOX_PROGRAMS box escape hostile)
foreach(program ${BOX_PROGRAMS})
  guest_objects(PROGRAM_${program} box "${MINI_INCLUDES};${PROGRAM_INCLUDES}"
    ${BOX}/programs/${program}.c ${BOX}/programs/call.S)
  guest_program(mini user "${MINI_PORT}" ${MINI}/port/user.ld ${program} "")
endforeach()

# box_image(NAME FOLDER FILE...): guests/archive/mini/NAME, of files that are in the folder.
function(box_image name folder)
  set(files)
  set(list "")
  foreach(program ${ARGN})
    list(APPEND files ${folder}/${program})
    string(APPEND list "file \"${program}\"\n")
  endforeach()
  file(CONFIGURE OUTPUT ${OUT}/archive/${name}.list/image.inc CONTENT "${list}")
  set(object ${OUT}/obj/box/${name}.o)
  add_custom_command(OUTPUT ${OUT}/archive/mini/${name}
    COMMAND ${GUEST_CLANG} ${GUEST_FLAGS} -Wa,-I${OUT}/archive/${name}.list -Wa,-I${folder}
      -c ${HERE}/mini/box/image.S -o ${object}
    COMMAND ${GUEST_LD} -m elf32lriscv -e 0 --section-start=.image=0 --oformat=binary
      -o ${OUT}/archive/mini/${name} ${object}
    WORKING_DIRECTORY ${TOP}
    DEPENDS ${BOX}/image.S ${files} ${OUT}/archive/${name}.list/image.inc
    COMMENT "Guest image ${name}" VERBATIM)
endfunction()

box_image(tools.img ${OUT}/archive/mini sh ls echo cat rm ps wc grep sleep kill halt primes)
# To compare systems by, in a box.
box_image(work.img ${OUT}/archive/mini sh echo cat wc halt forktest memtest ${WORKLOAD})
box_image(hostile.img ${OUT}/archive/mini escape hostile sh echo)

# Programs for Linux on riscv32, static: the common ones, and one that makes the calls itself.
# guests/linux/NAME; an image of them for a box.
set(LINUX_PROGRAMS sh ls echo cat rm wc grep sleep kill primes forktest pingpong)
set(LINUX ${MINI}/linux)
guest_objects(LINUX_PORT linux "${COMMON_INCLUDES}" ${LINUX}/port/crt0.S ${LINUX}/port/port.c)
guest_objects(LINUX_ABI linux "${PROGRAM_INCLUDES}" ${LINUX}/programs/abi.c)
file(MAKE_DIRECTORY ${OUT}/linux ${OUT}/archive/linux)

function(linux_program name flags)
  add_custom_command(OUTPUT ${OUT}/linux/${name}
    COMMAND ${GUEST_LD} ${LINK_FLAGS} ${flags} --strip-all -o ${OUT}/linux/${name}
      ${ARGN} ${LINUX_PORT} ${ULIB_OBJECTS} ${LIB_OBJECTS}
    DEPENDS ${ARGN} ${LINUX_PORT} ${ULIB_OBJECTS} ${LIB_OBJECTS}
    COMMENT "Guest program for Linux ${name}" VERBATIM)
endfunction()

foreach(program ${LINUX_PROGRAMS})
  linux_program(${program} "" ${PROGRAM_${program}})
endforeach()
linux_program(hll "" ${HLL_OBJECTS})
linux_program(abi "" ${LINUX_ABI})
guest_objects(LINUX_DYNAMIC linux "" ${LINUX}/programs/dynamic.S)
add_custom_command(OUTPUT ${OUT}/linux/dynamic
  COMMAND ${GUEST_LD} -m elf32lriscv -o ${OUT}/linux/dynamic ${LINUX_DYNAMIC}
  DEPENDS ${LINUX_DYNAMIC} VERBATIM)
set(LINUX_FILES ${LINUX_PROGRAMS} hll abi dynamic)
foreach(module ${HLL_FILES})
  get_filename_component(name ${module} NAME)
  add_custom_command(OUTPUT ${OUT}/linux/${name}
    COMMAND ${CMAKE_COMMAND} -E copy ${module} ${OUT}/linux/${name} DEPENDS ${module} VERBATIM)
  list(APPEND LINUX_FILES ${name})
endforeach()
box_image(linux.img ${OUT}/linux ${LINUX_FILES})

# The reverse: mini's programs on Linux (loader/loader.h). guests/linux/mini PROGRAM
file(GLOB LOADER_SOURCES CONFIGURE_DEPENDS ${MINI}/loader/*.c ${MINI}/loader/*.S)
guest_objects(LOADER_OBJECTS loader "${PROGRAM_INCLUDES};-I${HERE}/mini/include" ${LOADER_SOURCES})
linux_program(mini --image-base=0x70000000 ${LOADER_OBJECTS})
list(APPEND SYSTEMS ${OUT}/linux/mini)

hll_programs(mini user "${MINI_PORT}" ${MINI}/port/user.ld HLL_NAMES)
guest_archive(BOX_ARCHIVE_OBJECT mini archive-box ${PROGRAMS} ${WORKLOAD} ${HLL_NAMES}
  ${BOX_PROGRAMS} tools.img work.img hostile.img linux.img)
guest_link(${OUT}/box.elf ${MINI}/kernel/kernel.ld "--defsym=PHYS_BASE=0;${BOX_WRAPS}"
  ${KERNEL_OBJECTS} ${BOX_OBJECTS} ${BOX_ARCHIVE_OBJECT} ${LIB_OBJECTS})

# The same with busybox in an image, where scripts/linux.sh has built one: guests/box-busybox.elf.
set(BUSYBOX ${TOP}/build/linux/root/bin)
if(EXISTS ${BUSYBOX}/busybox)
  file(MAKE_DIRECTORY ${OUT}/busybox)
  set(APPLETS ${LINUX}/programs/applets ${LINUX}/programs/applets_here)
  add_custom_command(OUTPUT ${OUT}/busybox/busybox ${OUT}/busybox/applets ${OUT}/busybox/applets_here
    COMMAND ${CMAKE_COMMAND} -E copy ${BUSYBOX}/busybox ${APPLETS} ${OUT}/busybox
    DEPENDS ${BUSYBOX}/busybox ${APPLETS} VERBATIM)
  box_image(busybox.img ${OUT}/busybox busybox applets applets_here)
  guest_archive(BUSYBOX_ARCHIVE_OBJECT mini archive-busybox ${PROGRAMS} box busybox.img)
  guest_link(${OUT}/box-busybox.elf ${MINI}/kernel/kernel.ld "--defsym=PHYS_BASE=0;${BOX_WRAPS}"
    ${KERNEL_OBJECTS} ${BOX_OBJECTS} ${BUSYBOX_ARCHIVE_OBJECT} ${LIB_OBJECTS})
  add_custom_target(guest_busybox ALL DEPENDS ${OUT}/box-busybox.elf)
endif()
