// SPDX-License-Identifier: GPL-3.0-or-later
/* tongues.mjs - what readers of Spanish and French are shown: no word of English in what the
 * page says, names instead of ids, and the spaces that French wants beside signs. */
import { places } from '../places.mjs';

export const wants = { args: ['--mail-from', 'desk@us.example', '--mail-plain', '--mail-server', 'smtp://127.0.0.1:9'] };

/* A reader who chose the language in this browser. */
async function reader({ open }, code, width = 1280) {
	const p = await open({ language: code === 'fr' ? 'fr-FR' : 'es-ES', width });

	await p.addInitScript((c) => { localStorage.setItem('vedette.language', c); localStorage.setItem('vedette.language.chosen', '1'); }, code);
	return p;
}

async function evidence(d, language, some, header) {
	const { s, data, ok } = d;
	const p = await reader(d, language);

	await p.goto(`${s.url}/findings/${data.finding.id}`);
	await p.locator('.byte-name', { hasText: some[0] }).waitFor();
	const names = await p.locator('.byte-name').allTextContents();
	const texts = await p.locator('.byte-text').allTextContents();
	ok(`${language}: fields of a message have names of the language`, some.every((n) => names.includes(n)), names);
	ok('  those of the protocol stay', ['TYPE', 'CLASS', 'qr', 'rd'].every((n) => names.includes(n)), names);
	ok('  and what they say is said in it, too', header.test(texts[0]) && !texts.some((x) => /^[01] (response|recursion)/.test(x)), texts);
}

async function replay(d) {
	const { s, data, ok } = d;
	const p = await reader(d, 'es');

	await p.goto(`${s.url}/findings/${data.finding.id}`);
	await p.waitForSelector('.byte-field');
	await p.keyboard.press('r');
	await p.waitForSelector('.replay-lines');
	const said = await p.innerText('.replay-lines');
	ok('what judging again says is Spanish from head to end', /Veredicto\s+Unos 1\u00a0110 nombres/.test(said) && /la misma regla/.test(said) && !/\b(the|of|kept|each)\b/.test(said), said);
}

/* A deadline that a state met, and one that a rule meets. */
async function met(d) {
	const { s, data, ok } = d;
	const number = data.late;
	const change = async (path, body) => s.api.ask('POST', `/api/v1/incidents/${number}/${path}`,
		{ ...body, version: (await s.api.ask('GET', `/api/v1/incidents/${number}`)).version });

	await change('clock', { set: 'registrar-ack' });
	for (const state of ['confirmed', 'mitigated'])
		await change('state', { state });
	const p = await reader(d, 'es');
	await p.goto(`${s.url}/incidents/${number}`);
	await p.waitForSelector('.clock .chip-good');
	const said = await p.locator('.clock', { has: p.locator('.chip-good') }).first().innerText();
	ok('who met a deadline, and how, is said in words', /por admin, con el estado «mitigado»/.test(said), said);
	await p.goto(`${s.url}/settings/clocks`);
	await p.getByText('carta «').first().waitFor();
	const clocks = await p.locator('.page').innerText();
	ok('  and what meets one', /estado «Mitigado»/.test(clocks) && !/state:|notice:/.test(clocks), clocks.slice(0, 600));
}

async function rules(d) {
	const { s, ok } = d;

	await s.api.ask('POST', '/api/v1/notice_rules', { name: 'hosts', role: 'host', letter: 'acknowledgement', state: 'confirmed' });
	const p = await reader(d, 'es');
	await p.goto(s.url + '/settings/rules');
	await p.getByText('acuse de recibo').first().waitFor();
	ok('a rule names its letter as the reader calls it', !(await p.locator('.table').innerText()).includes('acknowledgement'));
}

/* Text of the page, without what others wrote and what programs read. */
const badly = () => {
	const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];

	for (let n = walk.nextNode(); n; n = walk.nextNode()) {
		const text = n.textContent, in_ = n.parentElement;

		if (in_.closest('pre, code, kbd, script, .name, .mono, .letter, :not(html)[lang], .byte-text, .references, option') || !in_.checkVisibility?.())
			continue;
		if (/ [:;!?%»]|« |\p{L}[;!?]|\p{L}: |  /u.test(text))
			found.push(text.trim().slice(0, 80));
	}
	return [...new Set(found)];
};
async function french(d) {
	const { s, data, ok } = d;
	const p = await reader(d, 'fr'), all = [];

	for (const place of places(data)) {
		if (place.open)
			continue;
		await p.goto(s.url + place.path);
		if (place.ready)
			await p.waitForSelector(place.ready);
		await place.act?.(p);
		await p.waitForTimeout(100);
		const found = await p.evaluate(badly);
		all.push(...found.map((x) => `${place.name}: ${x}`));
	}
	ok('signs of French stand behind spaces that do not break', all.length === 0, all);
	await p.goto(s.url + '/findings');
	await p.waitForSelector('.table tbody tr');
	const titles = await p.locator('.table td [title]').evaluateAll((all) => all.map((e) => e.title));
	ok('  which no hover shows as hidden characters', titles.length > 0 && !titles.some((x) => /\u27e800A0|\u27e8202F/.test(x)), titles);
}

/* A letter in preview: the spaces of its numbers are spaces, and its lines are whole. */
async function letter(d) {
	const { s, data, ok } = d;
	const p = await reader(d, 'es');

	await p.goto(`${s.url}/incidents/${data.incident}`);
	await p.waitForSelector('.timeline li');
	await p.keyboard.press('w');
	await p.locator('dialog .notify input[type=radio]').first().click();
	await p.waitForSelector('.letter');
	ok('a letter shows no space as a hidden character', /\u00a0/.test(await p.textContent('.letter')) && await p.locator('.letter .odd').count() === 0);
	ok('  and none of the desk\'s lines is broken again', await p.locator('.letter div', { hasText: 'Comprueben el registro' }).evaluate((e) =>
		e.getClientRects().length && e.offsetHeight < 2 * parseFloat(getComputedStyle(e).lineHeight)));
}

/* Words of Spanish and French are longer: on a phone, too, every button is there. */
async function phone(d) {
	const { s, data, ok, steady } = d;
	const p = await reader(d, 'es', 360);

	await s.api.ask('POST', '/api/v1/users', { login: 'vera', role: 'viewer' });
	await p.goto(s.url + '/settings/users');
	await p.locator('.row-card', { hasText: 'vera' }).click();
	await p.getByRole('button', { name: 'Quitar los códigos de un solo uso' }).click();
	await p.locator('dialog[open] .danger').waitFor();
	await steady(p, 'codes being taken away, 360 px, in Spanish');
	await s.api.ask('POST', `/api/v1/incidents/${data.incident}/notices`, { contact: 'registrar.example' });
	await p.goto(`${s.url}/incidents/${data.incident}`);
	await p.getByRole('button', { name: 'Anular la carta' }).click();
	const buttons = await p.locator('dialog[open] .form-end button').allTextContents();
	ok('what cancels a letter and what leaves it are called differently', buttons.length === 2 && new Set(buttons).size === 2, buttons);
	await p.keyboard.press('Escape');
	await p.locator('section[aria-label="Hallazgos y denuncias"]').getByRole('button', { name: 'Sacarlo' }).first().click();
	await p.locator('dialog[open] input[name=reason]').waitFor();
	ok('a member is taken out on a phone, too', true);
}

export default async function (d) {
	await letter(d);
	await phone(d);
	await evidence(d, 'es', ['cabecera', 'indicadores', 'código de respuesta', 'pregunta'], /^(consulta|respuesta) QUERY /);
	await evidence(d, 'fr', ['en-tête', 'drapeaux', 'code de réponse', 'question'], /^(requête|réponse) QUERY /);
	await replay(d);
	await met(d);
	await rules(d);
	await french(d);
}
