// SPDX-License-Identifier: GPL-3.0-or-later
/* subject.ts - en/subject.ts en français. */
export default {
	'nav.subject': 'Sujet',

	'subject.below': 'et les noms au-dessous',
	'subject.all': { one: 'les {n}', many: 'les {n}', other: 'les {n}' },
	'subject.none': 'Aucun.',
	'subject.rules': 'Par ce qui fut constaté',
	'subject.incidents': 'Incidents',
	'subject.incidents.none': 'Dans aucun incident.',
	'subject.reports': 'Signalements',
	'subject.reports.none': 'Personne ne l’a signalé.',
	'subject.indicators': 'Listes d’autres',
	'subject.indicators.none': 'Sur aucune liste reçue.',
	'subject.contacts': 'Qui peut agir',
	'subject.contacts.none': 'Aucun contact ne le couvre, ou aucun que vous puissiez connaître.',
	'subject.empty': 'Rien n’en est connu',
	'subject.empty.help': 'Aucun constat, incident, signalement ou liste ne le nomme, ou aucun que vous puissiez voir.',
	'subject.search': 'Le chercher',
	'subject.findings': 'Constats à son sujet',
	'subject.as-party': 'Où il prend part',
	'kind.other': 'Autre',
};
