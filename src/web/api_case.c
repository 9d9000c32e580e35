/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_case.c - changes of incidents: routes whose work is done by the writer. */
#include "web/api.h"

#define ONE "/api/v1/incidents/{number}"

const struct api_route case_routes[] = {
	{ .method = "POST", .path = ONE "/state", .op = "incident.state" },
	{ .method = "POST", .path = ONE "/owner", .op = "incident.assign" },
	{ .method = "POST", .path = ONE "/title", .op = "incident.title" },
	{ .method = "POST", .path = ONE "/notes", .op = "incident.note" },
	{ .method = "POST", .path = ONE "/labels", .op = "incident.label" },
	{ .method = "POST", .path = ONE "/merge", .op = "incident.merge" },
	{ .method = "POST", .path = ONE "/unmerge", .op = "incident.unmerge" },
	{ .method = "POST", .path = ONE "/split", .op = "incident.split" },
	{ .method = "POST", .path = ONE "/tasks", .op = "task.add" },
	{ .method = "POST", .path = ONE "/tasks/{place}", .op = "task.set" },
	{ .method = "POST", .path = "/api/v1/mutes", .op = "mute.add" },
	{ .method = "DELETE", .path = "/api/v1/mutes/{number}", .op = "mute.lift" },
	{ .method = NULL }
};
