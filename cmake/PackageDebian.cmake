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
