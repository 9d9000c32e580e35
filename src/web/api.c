/* SPDX-License-Identifier: GPL-3.0-or-later */
/* api.c - the lists of routes and shapes, and finding a route; see api.h. The description
 * that is made of them is openapi.c. */
#include "web/api.h"
#include "base/octets.h"

#define LISTS(F)                                                               \
	F(info_routes)                                                         \
	F(me_routes)                                                           \
	F(user_routes)                                                         \
	F(finding_routes)                                                      \
	F(desk_routes)                                                         \
	F(case_routes)                                                         \
	F(job_routes)                                                          \
	F(incidents_routes)                                                    \
	F(incident_routes)                                                     \
	F(contact_routes)                                                      \
	F(house_routes)                                                        \
	F(share_routes)                                                        \
	F(inbox_routes)                                                        \
	F(notice_routes)                                                       \
	F(catalogue_routes)                                                    \
	F(evidence_routes)                                                     \
	F(overview_routes)                                                     \
	F(subject_routes)                                                      \
	F(zone_routes)                                                         \
	F(sharing_routes)                                                     \
	F(taxii_routes)

#define F(name) extern const struct api_route name[];
LISTS(F)
#undef F
#define F(name) name,
const struct api_route *const api_lists[] = {
	LISTS(F)
	NULL
#undef F
};

#define SHAPES(F)                                                              \
	F(info_shapes)                                                         \
	F(desk_shapes)                                                         \
	F(me_shapes)                                                           \
	F(job_shapes)                                                          \
	F(incident_shapes)                                                     \
	F(incidents_shapes)                                                    \
	F(case_shapes)                                                         \
	F(contact_shapes)                                                      \
	F(house_shapes)                                                        \
	F(share_shapes)                                                        \
	F(inbox_shapes)                                                        \
	F(notice_shapes)                                                       \
	F(finding_shapes)                                                      \
	F(catalogue_shapes)                                                    \
	F(evidence_shapes)                                                     \
	F(overview_shapes)                                                     \
	F(subject_shapes)                                                      \
	F(zone_shapes)                                                         \
	F(sharing_shapes)

#define F(name) extern const struct api_shape name[];
SHAPES(F)
#undef F
#define F(name) name,
const struct api_shape *const api_shapes[] = {
	SHAPES(F)
	NULL
#undef F
};

static int hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* One segment with its %XX decoded; false for what is too long, empty, broken, or holds a
 * NUL or a slash. */
static bool decode(const char *from, size_t n, char to[256])
{
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		int c = (u8)from[i];

		if (c == '%') {
			if (i + 2 >= n || hex(from[i + 1]) < 0 || hex(from[i + 2]) < 0)
				return false;
			c = hex(from[i + 1]) << 4 | hex(from[i + 2]);
			i += 2;
		}
		if (c == 0 || c == '/' || len == 255)
			return false;
		to[len++] = (char)c;
	}
	to[len] = 0;
	return len > 0;
}

/* Does the path fit the pattern? Its values go to `values`. */
static bool fits(const char *pattern, const char *path, struct api_values *values)
{
	unsigned n = 0;

	while (*pattern && *path) {
		size_t in_pattern = strcspn(pattern + 1, "/") + 1;
		size_t in_path = strcspn(path + 1, "/") + 1;

		if (*pattern != '/' || *path != '/')
			return false;
		if (pattern[1] == '{') {
			if (n == API_VALUES || !decode(path + 1, in_path - 1, values->at[n++]))
				return false;
		} else if (in_pattern != in_path || memcmp(pattern, path, in_path)) {
			return false;
		}
		pattern += in_pattern;
		path += in_path;
	}
	return *pattern == 0 && *path == 0;
}

int api_find(const struct api_route **ret, const char *method, const char *path,
	       struct api_values *values)
{
	int rc = OOPS_UNKNOWN;

	for (const struct api_route *const *list = api_lists; *list; list++) {
		for (const struct api_route *r = *list; r->method; r++) {
			struct api_values is = { 0 };

			if (!fits(r->path, path, &is))
				continue;
			rc = -EOPNOTSUPP;
			if (strcmp(r->method, method))
				continue;
			*values = is;
			*ret = r;
			return 0;
		}
	}
	return rc;
}

bool api_value_name(const struct api_route *r, unsigned n, char to[32])
{
	const char *p = r->path;

	for (unsigned i = 0; (p = strchr(p, '{')); i++, p++) {
		if (i < n)
			continue;
		snprintf(to, 32, "%.*s", (int)strcspn(p + 1, "}"), p + 1);
		return true;
	}
	return false;
}

unsigned request_status(int error)
{
	switch (error) {
	case OOPS_UNKNOWN:
		return 404;
	case OOPS_CHANGED:
		return 409;
	case -EPERM:
		return 403;
	case OOPS_TYPE:
	case OOPS_FORMAT:
	case OOPS_SHORT:
		return 400;
	case OOPS_RANGE:
	case -EINVAL:
		return 422;
	case OOPS_LIMIT:
		return 413;
	case -EOPNOTSUPP:
		return 405;
	case -EPROTONOSUPPORT:
		return 406;
	case -EMEDIUMTYPE:
		return 415;
	case -EBUSY:
	case -EAGAIN:
		return 503;
	case -ENOSPC:
		return 507;
	default:
		return 500;
	}
}
