/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api_case.c - changes of incidents: routes whose work is done by the writer. */
#include "web/api.h"

#define ALL "/api/v1/incidents"
#define ONE ALL "/{number}"
#define CHANGED .reply = "incident_changed"

static const struct api_member changed_members[] = {
	{ "number", "count", "of the incident", NULL },
	{ "version", "count", "that it has now", NULL },
	{ "raised", "raised?", "it is marked stricter now (of a rehearsal: would be)", NULL },
	{ .name = NULL } };
#define RAISED { "from", "marking", "as it was marked", NULL },                         \
	{ "to", "marking", "as it is", NULL },                                 \
	{ "no_mail", "flag", "the whole of it can go by mail no more", NULL }, \
	{ "contacts", "[text]", "who could be told all of it and cannot now: the first 12",    \
	  NULL },                                                              \
	{ "people", "[text]", "users who could see it and cannot now: the first 12", NULL },   \
	{ .name = NULL }
static const struct api_member raised_members[] = { RAISED };
static const struct api_member stricter_members[] = {
	{ "number", "count", "of the incident", NULL }, RAISED };
static const struct api_member grouped_members[] = {
	{ "number", "count", "of the incident", NULL },
	{ "opened", "flag", "a new one; else findings joined it", NULL },
	{ "title", "said", "one line", NULL },
	{ "subject", "text", "who or what it is about", NULL },
	{ "reason", "said", "why its members belong together", NULL },
	{ "severity", "text", "the highest of its members", NULL },
	{ "findings", "count", "members", NULL },
	{ "tlp", "choice", "its label", label_names }, { .name = NULL } };
static const struct api_member hub_members[] = {
	{ "role", "text", "how it takes part", NULL }, { "name", "text", "the party", NULL },
	{ "subjects", "count", "that it would tie", NULL }, { .name = NULL } };
static const struct api_member sums_members[] = {
	{ "findings", "count", "that were in no incident", NULL },
	{ "muted", "count", "of them left out: muted", NULL },
	{ "taken_out", "count", "left out: somebody took them out of an incident", NULL },
	{ "slight", "count", "left out: below the severity", NULL },
	{ "opened", "count", "incidents", NULL },
	{ "came_back", "count", "of them go on with one that had ended", NULL },
	{ "joined", "count", "findings that joined open incidents", NULL },
	{ "again", "count", "of them are of a fault that was there already", NULL },
	{ "bridged", "count", "of them fit several", NULL },
	{ "hubs", "[group_hub]", "parties that tie too much to tie anything", NULL },
	{ .name = NULL } };
static const struct api_member grouping_members[] = {
	{ "opened", "count", "incidents that the caller may see", NULL },
	{ "joined", "count", "open ones that got findings", NULL },
	{ "incidents", "[grouped]", "the first 200 of both, the most severe first", NULL },
	{ "left", "count", "findings for the next request: one does not hold up others for long",
	  NULL },
	{ "all", "group_sums?", "for those who may see everything", NULL }, { .name = NULL } };
static const struct api_member muted_members[] = {
	{ "number", "count", "of the mute", NULL }, { .name = NULL } };
static const struct api_member nothing_members[] = { { .name = NULL } };
const struct api_shape case_shapes[] = {
	{ .name = "incident_changed", .members = changed_members },
	{ .name = "raised", .members = raised_members },
	{ .name = "stricter", .members = stricter_members },
	{ .name = "grouped", .members = grouped_members },
	{ .name = "group_hub", .members = hub_members },
	{ .name = "group_sums", .members = sums_members },
	{ .name = "grouping", .members = grouping_members },
	{ .name = "muted", .members = muted_members },
	{ .name = "nothing", .members = nothing_members },
	{ .name = NULL }
};

const struct api_route case_routes[] = {
	{ .method = "POST", .path = ALL, .op = "incident.open", CHANGED },
	{ .method = "POST", .path = ALL "/group", .op = "incident.group", .reply = "grouping" },
	{ .method = "POST", .path = ONE "/state", .op = "incident.state", CHANGED },
	{ .method = "POST", .path = ONE "/owner", .op = "incident.assign", CHANGED },
	{ .method = "POST", .path = ONE "/title", .op = "incident.title", CHANGED },
	{ .method = "POST", .path = ONE "/notes", .op = "incident.note", CHANGED },
	{ .method = "POST", .path = ONE "/notes/{note}/apart", .op = "incident.apart", CHANGED },
	{ .method = "POST", .path = ONE "/labels", .op = "incident.label", CHANGED },
	{ .method = "POST", .path = ONE "/merge", .op = "incident.merge", CHANGED },
	{ .method = "POST", .path = ONE "/unmerge", .op = "incident.unmerge", CHANGED },
	{ .method = "POST", .path = ONE "/split", .op = "incident.split", CHANGED },
	{ .method = "POST", .path = ONE "/members", .op = "incident.add", CHANGED },
	{ .method = "POST", .path = ONE "/members/{member}/remove", .op = "incident.remove",
	  CHANGED },
	{ .method = "POST", .path = ONE "/members/{member}/labels", .op = "incident.mark",
	  CHANGED },
	{ .method = "POST", .path = ONE "/clock", .op = "incident.clock", CHANGED },
	{ .method = "POST", .path = ONE "/met", .op = "incident.met", CHANGED },
	{ .method = "POST", .path = ONE "/tasks", .op = "task.add", CHANGED },
	{ .method = "POST", .path = ONE "/tasks/{place}", .op = "task.set", CHANGED },
	{ .method = "POST", .path = "/api/v1/mutes", .op = "mute.add", .reply = "muted" },
	{ .method = "DELETE", .path = "/api/v1/mutes/{number}", .op = "mute.lift",
	  .reply = "nothing" },
	{ .method = NULL }
};
