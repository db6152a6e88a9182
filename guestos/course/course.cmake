# SPDX-License-Identifier: GPL-2.0-or-later
# Systems to which exercises add a program (README.md): guests/course/NAME/program.o, what that is linked
# with, and system.o, the rest of the machine. Uses what ../CMakeLists.txt and the systems have set.
set(COURSE ${CMAKE_CURRENT_SOURCE_DIR}/course)
file(GLOB COURSE_HEADERS CONFIGURE_DEPENDS ${COURSE}/*/*.h)
list(APPEND GUEST_HEADERS ${COURSE_HEADERS})

# course_object(NAME FILE OBJECT...): objects as one, for the link that the student's file is in.
function(course_object name file)
  set(output ${OUT}/course/${name}/${file}.o)
  file(MAKE_DIRECTORY ${OUT}/course/${name})
  add_custom_command(OUTPUT ${output}
    COMMAND ${GUEST_LD} -m elf32lriscv -r -o ${output} ${ARGN}
    DEPENDS ${ARGN}
    COMMENT "Guest course ${name} ${file}"
    VERBATIM)
  set(SYSTEMS ${SYSTEMS} ${output} PARENT_SCOPE)
endfunction()

# micro: the student's program is the server `null`; clients.c is a program of the shell's.
guest_objects(objects course "${MICRO_USER_INCLUDES};-I${HERE}/common/programs;-I${HERE}/course/store"
  ${COURSE}/store/clients.c)
guest_program(micro micro/user "${MICRO_PORT};${MICRO_CALLS}" ${MICRO}/port/user.ld clients
  "${objects}")
set(course_files ${MICRO_SERVERS})
list(REMOVE_ITEM course_files null)
set(ARCHIVE_FLAGS -DARCHIVE_BEGINS)
guest_archive(COURSE_ARCHIVE micro archive-course root ${course_files} init sh ls cat echo ps kill
  crash halt clients)
set(ARCHIVE_FLAGS)
course_object(micro program ${MICRO_SERVER} ${MICRO_CALLS} ${LIB_OBJECTS})
course_object(micro system ${MICRO_KERNEL} ${COURSE_ARCHIVE} ${LIB_OBJECTS})

# exo: the student's program is a part of the library system `paging`, the only one.
guest_objects(crt0 exo_course "${EXO_FLAT_INCLUDES};-DBASE=0x10000" ${EXO}/lib/crt0.S)
guest_objects(objects exo_course "${EXO_FLAT_INCLUDES};-I${HERE}/course/paging" ${EXO_FLAT}
  ${COURSE}/paging/main.c ${COURSE}/paging/handler.S)
course_object(exo program ${crt0} ${objects} ${LIB_OBJECTS})
file(CONFIGURE OUTPUT ${OUT}/course/exo/archive.inc CONTENT "file \"boot\"\n")
add_custom_command(OUTPUT ${OUT}/obj/exo-archive-course.o
  COMMAND ${GUEST_CLANG} ${GUEST_FLAGS} -DARCHIVE_BEGINS -Wa,-I${OUT}/course/exo
    -Wa,-I${EXO_ARCHIVE} -c ${HERE}/exo/kernel/archive.S -o ${OUT}/obj/exo-archive-course.o
  WORKING_DIRECTORY ${TOP}
  DEPENDS ${EXO}/kernel/archive.S ${EXO_ARCHIVE}/boot ${OUT}/course/exo/archive.inc
  COMMENT "Guest exo archive for the course"
  VERBATIM)
course_object(exo system ${EXO_KERNEL} ${OUT}/obj/exo-archive-course.o ${LIB_OBJECTS})

# A disk for it, with what somebody left there.
string(REPEAT "what somebody has left in here.\n" 2048 left)
file(CONFIGURE OUTPUT ${OUT}/course/disk.img CONTENT "${left}" @ONLY)
