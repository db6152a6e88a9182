# SPDX-License-Identifier: GPL-2.0-or-later
# A build has the shape of an installation (tools/host/home.h): what pz looks for in
# share/page-zero/src is in the source tree.
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/share/page-zero")
file(REAL_PATH "${CMAKE_BINARY_DIR}/share/page-zero" build_share)
file(REAL_PATH "${CMAKE_SOURCE_DIR}" source_tree)
file(RELATIVE_PATH source_tree "${build_share}" "${source_tree}")
file(CREATE_LINK "${source_tree}" "${build_share}/src" SYMBOLIC)
