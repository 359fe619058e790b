// Everything the pages say, in one place, so that it can be said in another language. A text with a gap is a function.

const count = (n, one, many) => `${n} ${n === 1 ? one : many}`;

export const texts = {
	ui: {
		close: 'Close',
		note: 'Note (optional)',
		asking: 'One moment …',
	},
	time: {
		yesterday: 'yesterday',
		today: 'today',
		tomorrow: 'tomorrow',
		moment: 'a moment',
		days: (n) => count(n, 'day', 'days'),
		hours: (n) => `${n} h`,
		minutes: (n) => `${n} min`,
	},
	api: {
		failed: (status) => `The server answered ${status}.`,
		unreachable: 'The server cannot be reached. What you did was not saved; try again when it is back.',
		too_much: 'That is more than the server takes at once.',
	},
	act: {
		undo: 'Undo',
		taken_back: 'Taken back.',
		nothing_to_undo: 'There is nothing to take back.',
		conflict: 'Somebody decided about this lead while you looked at it. It is shown as it is now: look again, then decide.',
	},
	frame: {
		skip: 'To the content',
		pages: 'Pages',
		search: 'Search',
		appearance: 'Appearance',
		themes: { auto: 'as the system', light: 'light', dark: 'dark' },
		keys: 'Keys',
		sign_out: 'Sign out',
		go_to: (title) => `Go to ${title}`,
		palette: 'Search and do',
		undo: 'Take back the last thing',
		everywhere: 'Everywhere',
		nowhere: 'There is no such page',
		nowhere_why: 'It moved, was mistyped, or is not for your role.',
		nowhere_go: 'To your first page',
	},
	help: {
		title: 'Keys',
		letters: 'Single letters do things (switch off if you dictate or slip)',
	},
	palette: {
		title: 'Search and do',
		placeholder: 'A page, an action, or a lead by name, mail or company',
		pages: 'Pages',
		actions: 'Do here',
		leads: 'Leads',
		nothing: (text) => `Nothing is called “${text}”.`,
	},
	sign_in: {
		title: 'Sign in',
		login: 'Login',
		password: 'Password',
		code: 'Code',
		code_hint: 'Six digits from your authenticator, or one of your recovery codes.',
		go: 'Sign in',
		with: (name) => `Sign in with ${name}`,
		refused: 'That sign-in was refused, or is nobody’s here. Ask your admin.',
		forgotten: 'No account, or forgotten the password? Your admin sends you a link.',
		link_gone: 'This link is used or over',
		link_gone_why: 'Links work once and for a short time. Ask your admin for another.',
		to_sign_in: 'To sign in',
		welcome: (name) => `Welcome, ${name}`,
		reset: 'A new password',
		choose: (login) => `You sign in as ${login}. Choose a password of ten or more characters.`,
		new_password: 'New password',
		again: 'The same again',
		differ: 'The two are not the same.',
		set: 'Set and sign in',
	},
	desk: {
		title: 'My desk',
	},
	lead: {
		title: 'Lead',
	},
	nurture: {
		title: 'Nurture',
	},
};
