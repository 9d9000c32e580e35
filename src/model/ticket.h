/* SPDX-License-Identifier: GPL-3.0-or-later */
/* ticket.h - how a letter of ours is known again in what comes back.
 *
 *   key    64 hex digits, drawn at random: the part of its Message-ID before the @
 *   token  "vd-" and 16 hex digits: what the answer to a drill must hold
 *
 * Who has neither cannot speak of a letter: so forged bounces and answers mean nothing. */
#pragma once
#include "base/base.h"

#define TICKET_KEY_MAX 65u
#define TICKET_TOKEN_MAX 24u

/* The first key with an @ behind it in a text: where the text goes on behind it, or NULL. */
const char *ticket_key_in(const char *text, char to[TICKET_KEY_MAX]);
/* The first token in a text; false when there is none. */
bool ticket_token_in(const char *text, char to[TICKET_TOKEN_MAX]);
