/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_job.c - what takes longer or is larger than a look: packs of findings. */
#include "web/own.h"
#include "share/pack.h"

/* A finding and its messages as one file, as `vedette pack` writes it; through the caller's
 * gate. Who passes it on minds its label. */
static int write_pack(struct request *q, struct finding *f, struct pack_items *items)
{
	int rc = gate_finding(q->gate, q->values.at[0], f);

	if (rc == 0)
		rc = gate_evidence(q->gate, f, pack_item, items);
	if (rc) {
		request_fault(q, rc, "%s", gate_error(q->gate)[0] ? gate_error(q->gate)
			      : oops_text(rc));
		return rc == OOPS_LIMIT ? OOPS_UNKNOWN : rc;
	}
	if ((rc = pack_items_write(q->out, f, items)))
		return request_fault(q, rc, "the pack cannot be written: %s", oops_text(rc));
	snprintf(q->file, sizeof q->file, "%.12s.vedette", f->id);
	return 0;
}

static int get_pack(struct request *q)
{
	struct finding *f = calloc(1, sizeof *f);
	struct pack_items *items = calloc(1, sizeof *items);
	int rc = f && items ? write_pack(q, f, items) : -ENOMEM;

	if (items)
		pack_items_free(items);
	free(items);
	free(f);
	return rc;
}

const struct api_route job_routes[] = {
	{ .method = "GET", .path = "/api/v1/findings/{id}/pack", .run = get_pack,
	  .role = ROLE_ANALYST, .media = "application/x-tar",
	  .help = "A finding, the summary it was judged on and its messages as one file, which "
	  "others can judge again (vedette replay). It holds people's queries and the hash key." },
	{ .method = NULL }
};
