'use strict';

const byId = (id) => document.getElementById(id);
const numbers = new Intl.NumberFormat('en');
const times = new Intl.DateTimeFormat('en', { dateStyle: 'medium', timeStyle: 'short' });
const MOST = 500;

let suites = [];
let page = 0;
let latest = 0;
let comparison = 0;
let shown = 0;

/** Makes an element; text is always text, never markup. */
function make(name, properties = {}, ...children) {
	const element = Object.assign(document.createElement(name), properties);
	element.append(...children);
	return element;
}

function api(path, parameters = {}) {
	const given = Object.entries(parameters).filter(([, value]) => value !== '' && value != null);
	return `api/suites${path}?${new URLSearchParams(given)}`;
}

async function get(path, parameters) {
	const response = await fetch(api(path, parameters), { headers: { Accept: 'application/json' } });
	const body = await response.json();
	if (!response.ok) {
		throw new Error(body.detail || response.statusText);
	}
	return body;
}

/** Reads or changes notes, which belong to no release. */
async function watches(method, name = '', note = null) {
	const path = `api/watches/${encodeURIComponent(byId('suite').value)}${name && `/${encodeURIComponent(name)}`}`;
	const response = await fetch(path, {
		method,
		headers: { Accept: 'application/json', ...(note != null && { 'Content-Type': 'application/json' }) },
		...(note != null && { body: JSON.stringify({ note }) }),
	});
	if (response.status === 204) {
		return null;
	}
	const body = await response.json();
	if (!response.ok) {
		throw new Error(body.detail || response.statusText);
	}
	return body;
}

const suitePath = (rest = '') => `/${encodeURIComponent(byId('suite').value)}${rest}`;
const packagePath = (name) => suitePath(`/packages/${encodeURIComponent(name)}`);
const release = () => byId('release').value;

function tell(text, failed = false) {
	byId('status').textContent = text;
	byId('status').classList.toggle('failed', failed);
}

/** Runs what a click or a choice asks for; what fails is told to whoever looks. */
function on(element, event, work) {
	element.addEventListener(event, async (given) => {
		given.preventDefault();
		try {
			await work();
		}
		catch (failure) {
			tell(failure.message, true);
		}
	});
}

async function loadSuites() {
	suites = await get('');
	byId('suite').replaceChildren(...suites.map((each) => make('option', { value: each.suite }, each.suite)));
	if (suites.length === 0) {
		tell('Nothing is released yet; the import may still be running. Reload in a moment.');
		return;
	}
	await loadReleases();
}

/** What was shown of another suite is gone. */
async function changeSuite() {
	byId('difference').replaceChildren();
	byId('package').hidden = true;
	latest++;
	comparison++;
	shown++;
	await loadReleases();
}

async function loadWatches() {
	const found = await watches('GET');
	byId('watches').replaceChildren(...(found.length ? found.map((each) => make('li', {}, link(each.name), ' ', each.note,
		' ', make('small', {}, `${each.views == null ? '' : `${count(each.views, 'view')}, `}${times.format(new Date(each.changedAt))}`)))
		: [make('li', {}, 'Nothing is watched.')]));
	const shownNow = found.find((each) => each.name === byId('package-title').textContent);
	byId('note-text').value = shownNow ? shownNow.note : '';
	byId('note-remove').hidden = !shownNow;
}

async function loadReleases() {
	const log = await get(suitePath('/releases'));
	const options = () => log.map((each) => make('option', { value: each.release },
		`${each.release}${each.release === log[0].release ? ' (live)' : ''}`));
	byId('release').replaceChildren(...options());
	byId('from').replaceChildren(...options());
	byId('to').replaceChildren(...options());
	byId('from').value = log[Math.min(1, log.length - 1)].release;
	byId('log').replaceChildren(...log.map((each) => make('li', { value: each.release },
		each.kind === 'ROLLBACK' ? `Rollback to ${each.restoredRelease}: ${each.reason}` : 'Release', ' ',
		make('small', {}, times.format(new Date(each.releasedAt))))));
	await loadState();
}

async function loadState() {
	page = 0;
	const state = (await get('', { release: release() })).find((each) => each.suite === byId('suite').value);
	byId('fact-release').textContent = `${state.suite}/${state.release}`;
	byId('fact-packages').textContent = numbers.format(state.packages);
	byId('fact-time').textContent = times.format(new Date(state.releasedAt));
	byId('fact-build').textContent = state.buildStrate;
	await search();
	if (!byId('package').hidden) {
		await show(byId('package-title').textContent, false);
	}
	await loadWatches();
}

async function search() {
	const request = ++latest;
	const found = await get(suitePath('/packages'), {
		release: release(), q: byId('q').value, section: byId('section').value, tag: byId('tag').value, page, size: 25,
	});
	if (request !== latest) {
		return;
	}
	byId('rows').replaceChildren(...found.content.map((each) => make('tr', {},
		make('td', {}, link(each.name)), make('td', {}, each.version), make('td', {}, each.section || ''),
		make('td', {}, each.description || ''))));
	const { number, totalPages, totalElements } = found.page;
	byId('page').textContent = totalPages ? `Page ${numbers.format(number + 1)} of ${numbers.format(totalPages)}` : '';
	byId('previous').disabled = number === 0;
	byId('next').disabled = number + 1 >= totalPages;
	tell(`${count(totalElements, 'package')} in release ${release()}`);
}

function count(number, noun) {
	return `${numbers.format(number)} ${noun}${number === 1 ? '' : 's'}`;
}

function link(name) {
	const button = make('button', { className: 'link', type: 'button' }, name);
	on(button, 'click', () => show(name, true));
	return button;
}

async function show(name, focus) {
	const request = ++shown;
	byId('package').hidden = false;
	byId('package-title').textContent = name;
	let body;
	try {
		body = describe(await get(packagePath(name), { release: release() }));
	}
	catch (failure) {
		body = [make('p', {}, failure.message)];
	}
	if (request !== shown) {
		return;
	}
	byId('package-body').replaceChildren(...body);
	await loadWatches();
	if (focus) {
		byId('package').focus();
		byId('package').scrollIntoView({ block: 'nearest' });
	}
}

function describe(found) {
	const facts = [['Version', found.version], ['Section', found.section], ['Priority', found.priority],
		['Size', found.installedSize == null ? null : `${numbers.format(found.installedSize)} KiB`],
		['Maintainer', found.maintainer], ['Homepage', found.homepage]].filter(([, value]) => value);
	const parts = [make('p', {}, found.description || ''),
		make('dl', {}, ...facts.flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, value)]))];
	for (const type of ['pre-depends', 'depends', 'recommends']) {
		const clauses = found.dependencies.filter((each) => each.type === type);
		if (clauses.length) {
			parts.push(make('h3', {}, `${type[0].toUpperCase()}${type.slice(1)} (${clauses.length})`),
				make('ul', { className: 'clauses' }, ...clauses.map(describeClause)));
		}
	}
	if (found.tags.length) {
		parts.push(make('h3', {}, 'Tags'), make('ul', { className: 'tags' }, ...found.tags.map((tag) => {
			const button = make('button', { className: 'link', type: 'button' }, tag);
			on(button, 'click', () => {
				byId('tag').value = tag;
				page = 0;
				return search();
			});
			return make('li', {}, button);
		})));
	}
	return parts;
}

function describeClause(clause) {
	return make('li', {}, ...clause.alternatives.flatMap((each, index) => [index ? ' or ' : '',
		each.known ? link(each.name) : each.name,
		make('small', {}, each.relation ? ` ${each.relation} ${each.version}` : '', each.known ? '' : ' (virtual)')]));
}

async function compare() {
	const request = ++comparison;
	byId('difference').replaceChildren(make('p', {}, 'Comparing …'));
	const [from, to] = [byId('from').value, byId('to').value];
	let result;
	try {
		const found = await get(suitePath('/diff'), { from, to });
		result = [
			make('p', { className: 'counts' },
				make('span', { className: 'added' }, `+ ${numbers.format(found.added.length)} added`),
				make('span', {}, `${numbers.format(found.changed.length)} changed`),
				make('span', { className: 'removed' }, `− ${numbers.format(found.removed.length)} removed`)),
			...list('Added', found.added, (name) => [name]),
			...list('Changed', found.changed, (each) => [each.name, ' ', make('code', {}, `${each.from} → ${each.to}`)]),
			...list('Removed', found.removed, (name) => [name])];
	}
	catch (failure) {
		result = [make('p', {}, failure.message)];
	}
	if (request === comparison) {
		byId('difference').replaceChildren(...result);
	}
}

function list(title, entries, content) {
	if (entries.length === 0) {
		return [];
	}
	const items = entries.slice(0, MOST).map((entry) => make('li', {}, ...content(entry)));
	if (entries.length > MOST) {
		items.push(make('li', {}, `and ${numbers.format(entries.length - MOST)} more`));
	}
	const summary = `${title} (${numbers.format(entries.length)})`;
	return [make('details', {}, make('summary', {}, summary), make('ul', {}, ...items))];
}

on(byId('suite'), 'change', changeSuite);
on(byId('release'), 'change', loadState);
on(byId('search'), 'submit', () => {
	page = 0;
	return search();
});
on(byId('previous'), 'click', () => {
	page--;
	return search();
});
on(byId('next'), 'click', () => {
	page++;
	return search();
});
on(byId('note'), 'submit', async () => {
	await watches('PUT', byId('package-title').textContent, byId('note-text').value);
	await loadWatches();
});
on(byId('note-remove'), 'click', async () => {
	await watches('DELETE', byId('package-title').textContent);
	await loadWatches();
});
on(byId('diff'), 'submit', compare);
on(byId('state'), 'submit', loadState);
loadSuites().catch((failure) => tell(failure.message, true));
