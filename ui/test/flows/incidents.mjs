// SPDX-License-Identifier: GPL-3.0-or-later
/* incidents.mjs - the desk's work: an incident by hand, a note, tasks; two people and one
 * incident; a letter that is refused, then redacted, then one that a mail server on the
 * loopback gets; an export that a label forbids; the inbox decided and undone; users. */
import { createServer } from 'node:net';

/* A mail server that takes everything: what came is in `mails`. */
const mails = [];
const mailer = createServer((socket) => {
	let text = '', data = false;

	socket.write('220 here\r\n');
	socket.on('error', () => {});
	socket.on('data', (d) => {
		text += d;
		for (let at; (at = text.indexOf(data ? '\r\n.\r\n' : '\r\n')) >= 0;) {
			const line = text.slice(0, at);

			text = text.slice(at + (data ? 5 : 2));
			if (data) {
				mails.push(line);
				data = false;
				socket.write('250 taken\r\n');
			} else if (/^DATA/i.test(line)) {
				data = true;
				socket.write('354 go\r\n');
			} else if (/^QUIT/i.test(line)) {
				socket.end('221 bye\r\n');
			} else {
				socket.write('250 good\r\n');
			}
		}
	});
});
mailer.unref();
await new Promise((done) => mailer.listen(0, '127.0.0.1', done));

export const wants = { args: ['--mail-from', 'desk@us.example', '--mail-plain', '--mail-timeout', '10s',
	'--mail-server', `smtp://127.0.0.1:${mailer.address().port}`] };

const until = async (good, ms = 15000) => {
	for (const end = Date.now() + ms; Date.now() < end; await new Promise((r) => setTimeout(r, 100)))
		if (await good())
			return true;
	return false;
};

async function byHand({ page, ok, axe }) {
	const p = await page('/incidents');

	await p.locator('.case').first().waitFor();
	await p.keyboard.press('n');
	await p.locator('dialog form').waitFor();
	await axe(p, 'new incident');
	await p.locator('dialog').getByLabel('Title').fill('<b>shop</b> \u202egnp.exe');
	await p.locator('dialog').getByLabel('Subject').fill('shop.example');
	await p.locator('dialog').getByLabel('Family').fill('phishing');
	await p.locator('dialog').getByRole('button', { name: 'Open it' }).click();
	await p.locator('.timeline li').first().waitFor();
	ok('an incident is made by hand', /\/incidents\/\d+$/.test(p.url()), p.url());
	ok('its title is text, and what turns is seen', (await p.locator('h1').innerText()).includes('<b>shop</b> ⟨202E⟩gnp.exe'), await p.locator('h1').innerText());
	ok("its playbook's tasks are with it", await p.locator('.task').count() > 0);
	await p.keyboard.press('n');
	await p.keyboard.type('the host answered');
	await p.keyboard.press('Control+Enter');
	ok('a note is written by keyboard alone', await until(() => p.locator('.timeline .note', { hasText: 'the host answered' }).count()));
	await p.locator('.task input').first().click();
	ok('a task is done', await until(() => p.locator('.task-done').count()));
	return Number(p.url().split('/').at(-1));
}

async function twoPeople({ s, page, ok, axe }, number) {
	const made = await s.api.ask('POST', '/api/v1/users', { login: 'bo', role: 'lead', tlp: 'TLP:RED', pap: 'PAP:RED' });
	const bo = new s.api.constructor(s.url);
	const p = await page(`/incidents/${number}`);

	await bo.signIn('bo', made.password);
	await bo.ask('POST', '/api/v1/users/bo/password', { password: 'eleven blue kettles' });
	await new Promise((r) => setTimeout(r, 1200));
	await bo.signIn('bo', 'eleven blue kettles');
	await p.locator('.timeline li').first().waitFor();
	await p.keyboard.press('s');
	await p.locator('dialog').getByLabel('New state').selectOption('confirmed');
	await p.locator('dialog').getByLabel('Reason').fill('seen by two of us');
	await bo.ask('POST', `/api/v1/incidents/${number}/state`, { state: 'triaged', version: (await bo.ask('GET', `/api/v1/incidents/${number}`)).version });
	await p.locator('dialog').getByRole('button', { name: 'Change it' }).click();
	const dialog = p.getByRole('dialog', { name: 'Somebody was faster' });
	await dialog.waitFor();
	await dialog.locator('.theirs li').first().waitFor();
	const told = await dialog.innerText();
	ok('somebody was faster: who and what they did', /bo/.test(told) && /Triaged/.test(told), told);
	ok('what was meant is kept', /Confirmed/.test(await dialog.locator('.yours').innerText()));
	await axe(p, 'a conflict');
	await dialog.getByRole('button', { name: 'Do mine on top of theirs' }).click();
	ok('it is done on top of theirs', await until(async () => (await p.locator('.state-confirmed').count()) === 1));
}

async function letters({ s, data, page, ok, axe, steady }) {
	await s.api.ask('POST', `/api/v1/incidents/${data.incident}/labels`, { tlp: 'TLP:RED', version: (await s.api.ask('GET', `/api/v1/incidents/${data.incident}`)).version });
	const p = await page(`/incidents/${data.incident}`);

	await p.locator('.timeline li').first().waitFor();
	await p.keyboard.press('w');
	await p.locator('.notify input[type=radio]').first().waitFor();
	await p.getByRole('radio', { name: /Outside CERT/ }).check();
	await p.locator('.refused').waitFor();
	ok('what a label forbids is refused, and said', /stricter/.test(await p.locator('.refused').innerText()), await p.locator('.refused').innerText());
	await axe(p, 'a refusal');
	await p.locator('dialog').getByRole('button', { name: 'Show the redacted letter' }).click();
	ok('when nothing is left for them, that is said', await until(async () => /nothing is left/.test(await p.locator('.refused').innerText().catch(() => ''))));
	await p.getByRole('radio', { name: /Example registrar/ }).click();
	await p.locator('.withheld').waitFor();
	ok('a redacted letter says how much is withheld', /1 item is withheld/.test(await p.locator('.withheld').innerText()));
	await p.locator('.letter[lang=es]').waitFor();
	ok("the letter is in its reader's language", /\b(incidente|dominio|estimad|hemos|ustedes)\b/i.test(await p.locator('.letter').innerText()), (await p.locator('.letter').innerText()).slice(0, 200));
	await axe(p, 'a letter before it goes');
	await steady(p, 'a letter before it goes');
	ok('nothing was sent by looking', mails.length === 0);
	await p.locator('dialog').getByRole('button', { name: 'Approve and send' }).click();
	ok('the mail server has the letter', await until(() => mails.length === 1), mails.length);
	ok('  to whom it was', /^To:.*abuse@registrar\.example/mi.test(mails[0] ?? ''), (mails[0] ?? '').slice(0, 300));
	ok('the page says that it is sent', await until(() => p.locator('.told .chip', { hasText: 'Sent' }).count()));
	await p.getByRole('button', { name: 'Read' }).click();
	ok('what went out can be read', await until(async () => /registrar\.example/.test(await p.locator('dialog .letter').innerText().catch(() => ''))));
}

async function exports_({ data, page, ok, axe }) {
	const p = await page(`/incidents/${data.incident}`);

	await p.getByRole('button', { name: 'Export' }).click();
	await p.getByRole('menuitem', { name: 'In a format of exchange' }).click();
	await p.locator('dialog').getByLabel('For whom').selectOption('outsider.example');
	await p.locator('dialog').getByRole('button', { name: 'Download' }).click();
	await p.locator('.refused li').first().waitFor();
	ok('an export that a label forbids names the items', await p.locator('.refused li').count() > 0);
	await axe(p, 'a refused export');
	await p.locator('dialog').getByLabel('For whom').selectOption('registrar.example');
	await p.locator('dialog').getByLabel('Leave out what they may not have').check();
	const [file] = await Promise.all([p.waitForEvent('download'), p.locator('dialog').getByRole('button', { name: 'Download' }).click()]);
	ok('to one who may have it, it is downloaded', /\.json$/.test(file.suggestedFilename()), file.suggestedFilename());
}

async function inbox({ page, ok, axe }) {
	const p = await page('/inbox?view=list');
	const first = p.locator('.table tbody tr:not(.space)').first();

	await first.waitFor();
	await p.keyboard.press('j');
	await p.keyboard.press('x');
	await p.getByRole('button', { name: 'Decide …' }).click();
	await p.locator('dialog').getByLabel('What becomes of them').selectOption('noise');
	await p.locator('dialog').getByLabel('Reason').fill('tried');
	await axe(p, 'a decision before it is made');
	await p.locator('dialog').getByRole('button', { name: 'Do it' }).click();
	ok('a report is noise', await until(() => p.locator('.table td', { hasText: 'Noise' }).count()));
	await p.getByRole('button', { name: 'Undo' }).click();
	ok('that is taken back', await until(async () => (await p.locator('.table td', { hasText: 'Noise' }).count()) === 0));
	await p.goto(p.url().replace(/\/inbox.*/, '/inbox?view=list&state=new'));
	await first.waitFor();
	const before = await p.locator('.table tbody tr[data-at]').count();
	await p.keyboard.press('j');
	await p.keyboard.press('x');
	await p.getByRole('button', { name: 'Decide …' }).click();
	await p.locator('dialog').getByRole('button', { name: 'Do it' }).click();
	ok('a report is accepted', await until(async () => await p.locator('.table tbody tr[data-at]').count() === before - 1));
	await p.getByRole('button', { name: 'Undo' }).click();
	ok('  and that is taken back, too', await until(async () => await p.locator('.table tbody tr[data-at]').count() === before));
}

async function settings({ page, ok, axe }) {
	const p = await page('/settings/users');

	await p.getByRole('button', { name: 'New user' }).first().click();
	await p.locator('dialog').getByLabel('Login').fill('zoe');
	await p.locator('dialog button[type=submit]').click();
	await p.locator('.secret input').waitFor();
	ok('a new user has a one-time password, shown once', (await p.locator('.secret input').inputValue()).length > 8);
	await axe(p, 'a one-time password');
	await p.locator('dialog').getByRole('button', { name: 'I have kept it' }).click();
	ok('the new user stands in the list', await until(() => p.locator('.table td', { hasText: 'zoe' }).count()));
}

/* A note stricter than its incident: what that costs is said first. */
async function strictNote({ page, ok, axe }, number) {
	const p = await page('/incidents/' + number);
	const head = () => p.locator('.incident-head .label').textContent();

	await p.locator('.note-form textarea').fill('the source asked not to be named');
	const was = await head();
	await p.getByLabel('TLP of the note').selectOption('TLP:RED');
	await p.waitForSelector('.raises');
	ok('a stricter note says what it would do', /would raise the incident from TLP:AMBER.*TLP:RED/.test(await p.textContent('.raises')), await p.textContent('.raises'));
	await axe(p, 'a note that would raise');
	await p.getByRole('button', { name: 'Add the note' }).click();
	await p.locator('.timeline .chip', { hasText: 'apart' }).waitFor();
	ok('  kept apart it leaves the incident as it was', await head() === was, [was, await head()]);
	await p.locator('.note-form textarea').fill('and this is for few');
	await p.getByLabel('TLP of the note').selectOption('TLP:RED');
	await p.waitForSelector('.raises');
	await p.getByLabel('Raise the incident').check();
	await p.getByRole('button', { name: 'Add the note' }).click();
	await p.locator('.toast', { hasText: 'raised the incident' }).waitFor();
	ok('  else it raises it, and says so', await until(async () => (await head()).includes('TLP:RED')));
	await p.locator('.timeline').getByRole('button', { name: 'Keep apart' }).first().click();
	await p.locator('dialog').getByLabel('Reason').fill('meant for few');
	await p.locator('dialog button[type=submit]').click();
	await p.waitForFunction(() => document.querySelectorAll('.timeline .said .chip').length === 2);
	ok('  and a lead sets it apart afterwards', true);
}

/* Whose, nobody's, how many of each. */
async function whose({ page, ok, axe }, number) {
	const p = await page('/incidents/' + number);

	await p.waitForSelector('.timeline li');
	await p.keyboard.press('a');
	await p.locator('dialog [role=combobox]').fill('bo');
	await p.locator('.pick-list [role=option]', { hasText: 'bo' }).first().click();
	await axe(p, 'an owner being picked');
	await p.locator('dialog button[type=submit]').click();
	ok('an owner is picked of those there are', await until(async () => await p.locator('.incident-head .line .name').last().textContent() === 'bo'));
	await p.goto(p.url().replace(/\/incidents.*/, '/incidents?view=list'));
	await p.waitForSelector('.table tbody tr[data-at]');
	const all = await p.locator('.table tbody tr[data-at]').count();
	const nobody = p.locator('.facets .facet', { hasText: 'nobody' });
	const said = Number((await nobody.locator('.facet-count').textContent()).trim());
	await p.getByRole('button', { name: 'Nobody’s' }).click();
	ok('the facet says how many are nobody\'s', await until(async () => await p.locator('.table tbody tr[data-at]').count() === said) && said < all, [said, all]);
	ok('  and under it other counts follow', await until(async () => Number((await p.locator('.facets .facet', { hasText: 'Low and above' }).locator('.facet-count').textContent()).trim()) === said));
	await p.goto(p.url().replace(/\?.*/, '?owner=-'));
	ok('  on the board, too', await until(async () => {
		const sums = await p.locator('.column > h2 > .quiet').allTextContents();
		return sums.length === 6 && sums.reduce((a, b) => a + Number(b), 0) === said;
	}));
}

export default async function (d) {
	const number = await byHand(d);

	await strictNote(d, number);
	await twoPeople(d, number);
	await whose(d, number);
	await letters(d);
	await exports_(d);
	await inbox(d);
	await settings(d);
}
