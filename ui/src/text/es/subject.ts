// SPDX-License-Identifier: GPL-3.0-or-later
/* subject.ts - en/subject.ts en español. */
export default {
	'nav.subject': 'Sujeto',

	'subject.below': 'y los nombres bajo él',
	'subject.all': { one: 'los {n}', many: 'los {n}', other: 'los {n}' },
	'subject.none': 'Ninguno.',
	'subject.rules': 'Por lo que se encontró',
	'subject.incidents': 'Incidentes',
	'subject.incidents.none': 'En ningún incidente.',
	'subject.reports': 'Avisos',
	'subject.reports.none': 'Nadie lo ha denunciado.',
	'subject.indicators': 'Listas de otros',
	'subject.indicators.none': 'En ninguna lista recibida.',
	'subject.contacts': 'Quién puede actuar',
	'subject.contacts.none': 'Ningún contacto lo cubre, o ninguno que usted pueda conocer.',
	'subject.empty': 'No se sabe nada de él',
	'subject.empty.help': 'Ningún hallazgo, incidente, aviso o lista lo nombra, o ninguno que usted pueda ver.',
	'subject.search': 'Buscarlo',
	'subject.findings': 'Hallazgos sobre él',
	'subject.as-party': 'En los que participa',
	'kind.other': 'Otro',
};
