// SPDX-License-Identifier: GPL-3.0-or-later
/* pages.ts - every page is one row: its place, its words, its file.
 *
 * A row with `rail` stands in the navigation, in this order, and "g" and its key go there.
 * The file is loaded when somebody goes there. Its default export is the page; it gets the
 * values of its path. */
import type { ComponentType } from 'preact';
import type { Role } from './state';
import type { Key } from './text';
import type { IconName } from './parts/icon';
import { fits } from './router';

export interface Page {
	path: string;		// "/findings/:id"; router.ts says what fits
	title: Key;		// of the document and the top line
	rail?: { icon: IconName; key: string };
	of?: string;		// the path of the page in the rail that it belongs to
	role?: Role;		// the least that may
	load: () => Promise<{ default: ComponentType<never> }>;
}

/* The page of an address, with the values of its path; null: there is none. */
export function pageOf(path: string): { page: Page; values: Record<string, string> } | null {
	for (const page of pages) {
		const values = fits(page.path, path);
		if (values)
			return { page, values };
	}
	return null;
}

export const pages: Page[] = [
	{ path: '/', title: 'nav.overview', rail: { icon: 'overview', key: 'o' },
	  load: () => import('./pages/overview') },
	{ path: '/findings', title: 'nav.findings', rail: { icon: 'findings', key: 'f' },
	  load: () => import('./pages/findings') },
	{ path: '/findings/:id', title: 'nav.finding', of: '/findings',
	  load: () => import('./pages/finding') },
	{ path: '/subjects/:kind/:name*', title: 'nav.subject', of: '/findings',
	  load: () => import('./pages/subject') },
	{ path: '/incidents', title: 'nav.incidents', rail: { icon: 'incidents', key: 'i' },
	  load: () => import('./pages/incidents') },
	{ path: '/incidents/:number', title: 'nav.incident', of: '/incidents',
	  load: () => import('./pages/incident') },
	{ path: '/inbox', title: 'nav.inbox', rail: { icon: 'inbox', key: 'b' },
	  load: () => import('./pages/inbox') },
	{ path: '/inbox/:number', title: 'nav.report', of: '/inbox',
	  load: () => import('./pages/report') },
	{ path: '/jobs', title: 'nav.jobs', rail: { icon: 'jobs', key: 'j' }, role: 'analyst',
	  load: () => import('./pages/jobs') },
	{ path: '/zones', title: 'nav.zones', rail: { icon: 'zones', key: 'z' },
	  load: () => import('./pages/zones') },
	{ path: '/zones/:name', title: 'nav.zone', of: '/zones',
	  load: () => import('./pages/zone') },
	{ path: '/contacts', title: 'nav.contacts', rail: { icon: 'contacts', key: 'c' },
	  load: () => import('./pages/contacts') },
	{ path: '/contacts/:id', title: 'nav.contact', of: '/contacts',
	  load: () => import('./pages/contact') },
	{ path: '/sharing', title: 'nav.sharing', rail: { icon: 'sharing', key: 'w' }, role: 'analyst',
	  load: () => import('./pages/sharing') },
	{ path: '/settings', title: 'nav.settings', rail: { icon: 'settings', key: 's' },
	  load: () => import('./pages/settings') },
	{ path: '/settings/:part', title: 'nav.settings', of: '/settings',
	  load: () => import('./pages/settings') },
];
