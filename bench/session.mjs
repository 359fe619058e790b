// A program that answers line by line: our driver, psql. What it says ends in a line that `last` recognises.

import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Session {
	constructor(command, args, options = {}) {
		this.name = `${command} ${args.join(' ')}`;
		this.child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], ...options });
		this.errors = '';
		this.child.stderr.on('data', (data) => (this.errors = (this.errors + data).slice(-4000)));
		this.child.on('error', (error) => this.#end(error));
		this.child.stdin.on('error', () => {});
		this.lines = [];
		this.waiting = null;
		createInterface({ input: this.child.stdout }).on('line', (line) => this.#line(line)).on('close', () => this.#end());
	}

	#line(line) {
		this.lines.push(line);
		if (this.waiting?.last(line)) {
			const { resolve } = this.waiting;
			this.waiting = null;
			resolve(this.lines.splice(0));
		}
	}

	#end(error) {
		this.waiting?.reject(error ?? new Error(`${this.name} ended: ${this.errors || this.lines.join('\n')}`));
		this.waiting = null;
	}

	// Lines up to the one that `last` accepts, that one included.
	until(last) {
		return new Promise((resolve, reject) => (this.waiting = { last, resolve, reject }));
	}

	ask(text, last) {
		const answer = this.until(last);
		this.child.stdin.write(`${text}\n`);
		return answer;
	}

	close() {
		return new Promise((resolve) => {
			this.child.on('close', resolve);
			this.child.stdin.end();
		});
	}
}

// Our driver: { rows: fields of each line, done: fields of the last }.
export class Driver extends Session {
	static last = (line) => /^(done|error)\b/.test(line);

	async command(text) {
		return Driver.#split(await this.ask(text, Driver.last));
	}

	async ready() {
		return Driver.#split(await this.until(Driver.last));
	}

	static #split(lines) {
		const done = lines.pop().split('\t');
		if (done[0] === 'error')
			throw new Error(done.slice(1).join(' '));
		return { rows: lines.map((line) => line.split('\t')), done: done.slice(1) };
	}
}
