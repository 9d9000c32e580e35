/* SPDX-License-Identifier: GPL-3.0-or-later */
/* refused.h - functions that do not compile here, and what to use instead.
 *
 *   strcpy strcat sprintf vsprintf  base/buf.h, or snprintf with its result read
 *   strncpy strtok                  explicit lengths
 *   atoi atol atof                  base/num.h: numbers that say what is wrong
 *   gmtime localtime ctime asctime  base/stamp.h: UTC, reentrant
 *   rand random                     the world comes in as an argument */
#pragma once
#define REFUSED(f) not_in_this_house_##f
#undef strcpy
#define strcpy REFUSED(strcpy)
#undef strcat
#define strcat REFUSED(strcat)
#undef sprintf
#define sprintf REFUSED(sprintf)
#undef vsprintf
#define vsprintf REFUSED(vsprintf)
#undef strncpy
#define strncpy REFUSED(strncpy)
#undef strtok
#define strtok REFUSED(strtok)
#undef atoi
#define atoi REFUSED(atoi)
#undef atol
#define atol REFUSED(atol)
#undef atof
#define atof REFUSED(atof)
#undef gmtime
#define gmtime REFUSED(gmtime)
#undef localtime
#define localtime REFUSED(localtime)
#undef ctime
#define ctime REFUSED(ctime)
#undef asctime
#define asctime REFUSED(asctime)
#undef rand
#define rand REFUSED(rand)
#undef random
#define random REFUSED(random)
