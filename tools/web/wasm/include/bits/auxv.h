/* SPDX-License-Identifier: GPL-2.0-or-later */
/* auxv.h - empty: the host's <elf.h>, which is used for its formats of files, includes it. */
