# SPDX-License-Identifier: GPL-2.0-or-later
# Run by cpack over the installed tree, before it is packed: what Debian's policy asks for.
if(NOT CPACK_GENERATOR STREQUAL DEB)
  return()
endif()
set(doc "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/doc/${CPACK_PACKAGE_NAME}")
execute_process(COMMAND date -u -R -d "${CPACK_PZ_CHANGELOG_DAY}" OUTPUT_VARIABLE day
  OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
file(WRITE "${doc}/changelog.Debian" "${CPACK_PACKAGE_NAME} \
(${CPACK_PACKAGE_VERSION}-${CPACK_DEBIAN_PACKAGE_RELEASE}) unstable; urgency=low

  * What users notice is in docs/changes.md.

 -- ${CPACK_PACKAGE_CONTACT}  ${day}
")
file(COPY_FILE "${CPACK_PZ_SOURCE_DIR}/docs/changes.md" "${doc}/changelog")
execute_process(COMMAND gzip -9nf "${doc}/changelog.Debian" "${doc}/changelog"
  COMMAND_ERROR_IS_FATAL ANY)
# Debian has this text in one place.
file(REMOVE "${doc}/LICENSE")
set(overrides "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/share/lintian/overrides")
file(MAKE_DIRECTORY "${overrides}")
file(COPY_FILE "${CPACK_PZ_SOURCE_DIR}/packaging/lintian-overrides"
  "${overrides}/${CPACK_PACKAGE_NAME}")

# The packages that the host's programs need. cpack itself (CPACK_DEBIAN_PACKAGE_SHLIBDEPS) would
# first start `file` for each file of the package: hundreds of documents, sources and guests. It
# would also take the package's own libraries for ones that all programs may use, and add scripts
# that call ldconfig; without them there is nothing to run when the package is installed.
set(scratch "${CPACK_TOPLEVEL_DIRECTORY}/shlibdeps")
file(WRITE "${scratch}/debian/control" "") # dpkg-shlibdeps looks for it
file(GLOB_RECURSE programs "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/bin/*"
  "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/usr/lib/*")
execute_process(COMMAND "${CPACK_PZ_SHLIBDEPS}" --ignore-missing-info -O ${programs}
  WORKING_DIRECTORY "${scratch}" OUTPUT_VARIABLE depends OUTPUT_STRIP_TRAILING_WHITESPACE
  ERROR_VARIABLE said RESULT_VARIABLE failed)
if(failed) # what it says when it succeeds are remarks
  message(FATAL_ERROR "dpkg-shlibdeps: ${said}")
endif()
string(REGEX REPLACE "^.*Depends=" "" CPACK_DEBIAN_PACKAGE_DEPENDS "${depends}")
