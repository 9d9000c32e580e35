// SPDX-License-Identifier: GPL-3.0-or-later
/* subject.ts - words of the pages One subject and Jobs, and of judging again. */
export default {
	'nav.subject': 'Subject',

	'subject.below': 'and the names below it',
	'subject.all': { one: 'all {n}', other: 'all {n}' },
	'subject.none': 'None.',
	'subject.rules': 'By what was found',
	'subject.incidents': 'Incidents',
	'subject.incidents.none': 'In no incident.',
	'subject.reports': 'Reports',
	'subject.reports.none': 'Nobody reported it.',
	'subject.indicators': 'Lists of others',
	'subject.indicators.none': 'On no list that was taken in.',
	'subject.contacts': 'Who can act',
	'subject.contacts.none': 'No contact covers it, or none that you may know.',
	'subject.empty': 'Nothing is known of it',
	'subject.empty.help': 'No finding, incident, report or list names it, or none that you may see.',
	'subject.search': 'Search for it',
	'subject.findings': 'Findings about it',
	'subject.as-party': 'In which it takes part',
	'kind.other': 'Other',
};
