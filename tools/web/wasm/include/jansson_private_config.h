/* SPDX-License-Identifier: GPL-2.0-or-later */
/* jansson_private_config.h - what jansson's configure finds out of headers, for WASI. */
#define HAVE_STDINT_H 1
#define HAVE_SYS_TYPES_H 1
#define HAVE_UNISTD_H 1
#define HAVE_FCNTL_H 1
#define HAVE_GETTIMEOFDAY 1
#define HAVE_SYS_TIME_H 1
#define INITIAL_HASHTABLE_ORDER 3
