/* SPDX-License-Identifier: GPL-3.0-or-later */
/* subname.h - what the labels left of a registered domain say by their form. */
#pragma once
#include "dns/qname.h"

/* A reversed address, as reverse zones and block lists have it. Behind it *rest octets of the
 * sub-domain are left: a list's zone and its customer's key, 0 below arpa. */
bool subname_numeric(const struct qname *q, unsigned *rest);
/* Octets of the sub-domain right of its longest label (of several, the last): what stays the same
 * where one label holds what is asked or sent. */
unsigned subname_rest(const struct qname *q);
/* A name that holds another one: "www.example.com" asked below a list or a search suffix. */
bool subname_nested(const struct qname *q);
/* Information of the first `octets` of the name in bits (whole labels: q->domain_at for the
 * sub-domain), under the model of names that people choose. */
unsigned subname_bits(const struct qname *q, unsigned octets);
