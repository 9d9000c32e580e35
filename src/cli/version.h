/* SPDX-License-Identifier: GPL-3.0-or-later */
/* version.h - which Vedette this is. The build sets VEDETTE_VERSION; the date is
 * that of the last change of the manual's hand-written words. */
#pragma once

#ifndef VEDETTE_VERSION
#define VEDETTE_VERSION "0.0.0"
#endif
#define VEDETTE_DATE "November 21, 2026"
