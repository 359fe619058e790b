// A real SMTP server for tests: Debian's exim, with a configuration of its own in a folder of its own. What it takes stands in one file a letter.
//
//	const mail = await smtp({ refuse: ['gone@example.com'], later: ['busy@example.com'], tls: true, user: 'desk', password: 'secret' });
//	mail.url, mail.ca; mail.letters() → [{ to, from, headers, raw }]; mail.later([]); await mail.stop();

import { spawn, spawnSync } from 'node:child_process';
import { chmodSync, chownSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { temporary_folder } from './tap.mjs';

const exim = ['/usr/sbin/exim4', '/usr/sbin/exim'].find(existsSync);

const free_port = () => new Promise((resolve) => {
	const server = net.createServer().listen(0, '127.0.0.1', () => {
		const { port } = server.address();
		server.close(() => resolve(port));
	});
});

const answers = (port) => new Promise((resolve) => {
	const socket = net.connect(port, '127.0.0.1');
	socket.on('data', () => (socket.destroy(), resolve(true)));
	socket.on('error', () => resolve(false));
});

// Started as root it runs as exim's own user, which the package makes: exim delivers nothing as root.
function somebody() {
	if (process.getuid() !== 0)
		return {};
	const number = (flag) => Number(spawnSync('id', [flag, 'Debian-exim'], { encoding: 'utf8' }).stdout);
	return { uid: number('-u'), gid: number('-g') };
}

function configuration(folder, { tls, user, password, everything_to_file = 'letters' }) {
	return `
primary_hostname = mail.test
spool_directory = ${folder}/spool
log_file_path = ${folder}/spool/log-%s
pid_file_path = ${folder}/spool/pid
exim_user = ${process.getuid() === 0 ? 'Debian-exim' : process.getuid()}
exim_group = ${process.getuid() === 0 ? 'Debian-exim' : process.getgid()}
keep_environment =
deliver_drop_privilege
local_interfaces = 127.0.0.1
qualify_domain = test
acl_smtp_rcpt = check
acl_smtp_mail = who
never_users =
smtp_accept_max = 0
message_size_limit = 10M
${tls ? `tls_advertise_hosts = *\ntls_certificate = ${folder}/cert.pem\ntls_privatekey = ${folder}/key.pem` : 'tls_advertise_hosts ='}
begin acl
who:
${user ? '  deny message = sign in first\n       !authenticated = *' : ''}
  accept
check:
  deny message = no such person\n       condition = \${lookup{$local_part@$domain}lsearch{${folder}/refuse}{yes}{no}}
  defer message = too busy, come again\n       condition = \${lookup{$local_part@$domain}lsearch{${folder}/later}{yes}{no}}
  accept
begin routers
all:
  driver = accept
  transport = file
begin transports
file:
  driver = appendfile
  directory = ${folder}/${everything_to_file}
  create_directory = true
  envelope_to_add
  return_path_add
begin retry
* * F,1h,1m
${user ? `begin authenticators\nplain:\n  driver = plaintext\n  public_name = PLAIN\n  server_prompts = :\n  server_condition = \${if and{{eq{$auth2}{${user}}}{eq{$auth3}{${password}}}}}\n  server_set_id = $auth2\n  server_advertise_condition = ${tls ? '${if def:tls_in_cipher}' : 'yes'}` : ''}
`;
}

export async function smtp(options = {}) {
	const folder = temporary_folder();
	const as = somebody();
	const port = await free_port();
	const list = (name, all) => writeFileSync(join(folder, name), all.map((a) => `${a}: x\n`).join(''));
	for (const name of ['spool', 'letters'])
		mkdirSync(join(folder, name));
	list('refuse', options.refuse ?? []);
	list('later', options.later ?? []);
	if (options.tls)
		spawnSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '30', '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')]);
	writeFileSync(join(folder, 'exim.conf'), configuration(folder, options));
	for (const name of ['', 'spool', 'letters', 'refuse', 'later', 'exim.conf', ...(options.tls ? ['key.pem', 'cert.pem'] : [])]) {
		if (as.uid !== undefined)
			chownSync(join(folder, name), as.uid, as.gid);
		chmodSync(join(folder, name), ['', 'spool', 'letters'].includes(name) ? 0o755 : 0o644);
	}
	const child = spawn(exim, ['-C', join(folder, 'exim.conf'), '-bdf', '-oX', `127.0.0.1.${port}`], { ...as, stdio: ['ignore', 'ignore', 'pipe'] });
	let said = '';
	child.stderr.on('data', (bytes) => (said += bytes));
	process.on('exit', () => child.kill('SIGKILL'));
	for (let i = 0; !(await answers(port)); i++) {
		if (i === 200 || child.exitCode !== null)
			throw new Error(`exim does not answer: ${said}`);
		await sleep(30);
	}
	return {
		url: `smtp://localhost:${port}`,
		port,
		ca: join(folder, 'cert.pem'),
		later: (all) => list('later', all),
		letters: () => readdirSync(join(folder, 'letters')).filter((name) => name.startsWith('q')).map((name) => {
			const raw = readFileSync(join(folder, 'letters', name), 'utf8');
			const [head, ...rest] = raw.split('\n\n');
			const headers = {};
			for (const line of head.replace(/\n[ \t]+/g, ' ').split('\n'))
				(headers[line.slice(0, line.indexOf(':')).toLowerCase()] ??= []).push(line.slice(line.indexOf(':') + 2));
			return { raw, headers, to: headers['envelope-to']?.[0], from: headers['return-path']?.[0], body: rest.join('\n\n') };
		}),
		stop: () => new Promise((resolve) => (child.on('close', resolve), child.kill('SIGTERM'))),
	};
}

// The text of quoted-printable.
export const plain = (body) => Buffer.from(body.replace(/=\r?\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8');
