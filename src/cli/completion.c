/* `lockstep completion SHELL`: a script that completes commands, options and choices, from the tables of the commands. */
#include <string.h>
#include "cli/help.h"
#include "cli/options.h"

/* "check|show" as "check show" */
static void words(const char *choices, FILE *out)
{
	for (; *choices; choices++)
		fputc(*choices == '|' ? ' ' : *choices, out);
}

/* ---- bash ---- */

static void bash_words(const struct option_def *options, FILE *out)
{
	for (; options && options->name; options++)
		fprintf(out, " --%s", options->name);
}

static void bash_values(const char *command, const struct option_def *options, FILE *out)
{
	for (; options && options->name; options++) {
		if (options->type == OPTION_CHOICE && options->choices) {
			fprintf(out, "\t%s:--%s) words=\"", command, options->name);
			words(options->choices, out);
			fputs("\" ;;\n", out);
		} else if (options->type == OPTION_FILE) {
			fprintf(out, "\t%s:--%s) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n", command,
				options->name);
		} else if (options->type != OPTION_FLAG) {
			fprintf(out, "\t%s:--%s) return ;;\n", command, options->name);
		}
	}
}

static void bash(FILE *out)
{
	fputs("# bash completion of lockstep\n_lockstep() {\n"
	      "\tlocal word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" command= words= i\n"
	      "\tfor ((i = 1; i < COMP_CWORD; i++)); do\n"
	      "\t\tcase \"${COMP_WORDS[i]}\" in --book) ((i++)) ;; -*) ;; *) command=\"${COMP_WORDS[i]}\"; break ;; esac\n"
	      "\tdone\n\tCOMPREPLY=()\n"
	      "\tcase \"$command:$before\" in\n",
	      out);
	for (size_t i = 0; commands[i]; i++) {
		bash_values(commands[i]->name, commands[i]->options, out);
		if (!commands[i]->verbs)
			continue;
		fprintf(out, "\t%s:%s) [[ $word == -* ]] || words=\"", commands[i]->name, commands[i]->name);
		words(commands[i]->verbs, out);
		fputs("\" ;;\n", out);
	}
	fputs("\t*:--book) COMPREPLY=($(compgen -f -- \"$word\")); return ;;\n\tesac\n", out);
	fputs("\tif [[ -z $words ]]; then\n\t\tcase \"$command\" in\n\t\t'') words=\"", out);
	for (size_t i = 0; commands[i]; i++)
		fprintf(out, "%s%s", i ? " " : "", commands[i]->name);
	bash_words(common_options, out);
	fputs(" --version\" ;;\n", out);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(out, "\t\t%s) words=\"", commands[i]->name);
		bash_words(commands[i]->options, out);
		bash_words(common_options, out);
		fputs("\" ;;\n", out);
	}
	fputs("\t\tesac\n"
	      "\t\tif [[ -n $command && $word != -* ]]; then\n"
	      "\t\t\tCOMPREPLY=($(compgen -f -- \"$word\")); return\n\t\tfi\n\tfi\n"
	      "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n}\n"
	      "complete -o filenames -F _lockstep lockstep\n",
	      out);
}

/* ---- zsh ---- */

/* Inside a single-quoted _arguments specification. */
static void zsh_text(const char *text, FILE *out)
{
	for (; *text; text++) {
		if (*text == '\'')
			fputs("'\\''", out);
		else if (strchr("[]:\\", *text))
			fprintf(out, "\\%c", *text);
		else
			fputc(*text, out);
	}
}

static void zsh_options(const struct option_def *options, FILE *out)
{
	for (; options && options->name; options++) {
		fprintf(out, " \\\n\t\t\t'--%s[", options->name);
		zsh_text(options->help, out);
		fputc(']', out);
		if (options->type == OPTION_CHOICE && options->choices) {
			fprintf(out, ":%s:(", options->name);
			words(options->choices, out);
			fputc(')', out);
		} else if (options->type == OPTION_FILE) {
			fprintf(out, ":%s:_files", options->name);
		} else if (options->type != OPTION_FLAG) {
			fprintf(out, ":%s:", options->name);
		}
		fputc('\'', out);
	}
}

static void zsh(FILE *out)
{
	fputs("#compdef lockstep\n_lockstep() {\n\tlocal -a commands\n\tcommands=(\n", out);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(out, "\t\t'%s:", commands[i]->name);
		zsh_text(commands[i]->summary, out);
		fputs("'\n", out);
	}
	fputs("\t)\n\tif ((CURRENT == 2)); then\n\t\t_describe command commands\n\t\treturn\n\tfi\n"
	      "\tlocal name=\"$words[2]\"\n\tshift words\n\t((CURRENT--))\n\tcase \"$name\" in\n",
	      out);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(out, "\t%s)\n\t\t_arguments", commands[i]->name);
		zsh_options(commands[i]->options, out);
		zsh_options(common_options, out);
		if (commands[i]->verbs) {
			fputs(" \\\n\t\t\t'1:verb:(", out);
			words(commands[i]->verbs, out);
			fputs(")'", out);
		}
		fputs(" \\\n\t\t\t'*:argument:_files'\n\t\t;;\n", out);
	}
	fputs("\tesac\n}\n"
	      "if [[ $funcstack[1] = _lockstep ]]; then _lockstep \"$@\"; else compdef _lockstep lockstep; fi\n",
	      out);
}

/* ---- fish ---- */

static void fish_text(const char *text, FILE *out)
{
	fputc('\'', out);
	for (; *text; text++) {
		if (*text == '\'' || *text == '\\')
			fputc('\\', out);
		fputc(*text, out);
	}
	fputc('\'', out);
}

static void fish_options(const char *condition, const struct option_def *options, FILE *out)
{
	for (; options && options->name; options++) {
		fprintf(out, "complete -c lockstep%s -l %s -d ", condition, options->name);
		fish_text(options->help, out);
		if (options->type == OPTION_CHOICE && options->choices) {
			fputs(" -x -a '", out);
			words(options->choices, out);
			fputc('\'', out);
		} else if (options->type == OPTION_FILE) {
			fputs(" -r -F", out);
		} else if (options->type != OPTION_FLAG) {
			fputs(" -x", out);
		}
		fputc('\n', out);
	}
}

static void fish_verbs(const struct command *command, FILE *out)
{
	if (!command->verbs)
		return;
	fprintf(out, "complete -c lockstep -n '__fish_seen_subcommand_from %s; and not __fish_seen_subcommand_from ",
		command->name);
	words(command->verbs, out);
	fputs("' -f -a '", out);
	words(command->verbs, out);
	fputs("'\n", out);
}

static void fish(FILE *out)
{
	fputs("# fish completion of lockstep\n", out);
	for (size_t i = 0; commands[i]; i++) {
		fprintf(out, "complete -c lockstep -n __fish_use_subcommand -f -a %s -d ", commands[i]->name);
		fish_text(commands[i]->summary, out);
		fputc('\n', out);
	}
	fish_options("", common_options, out);
	for (size_t i = 0; commands[i]; i++) {
		char condition[128];

		snprintf(condition, sizeof(condition), " -n '__fish_seen_subcommand_from %s'", commands[i]->name);
		fish_options(condition, commands[i]->options, out);
		fish_verbs(commands[i], out);
	}
}

/* ---- the command ---- */

static void completion_script(const char *shell, FILE *out)
{
	if (!strcmp(shell, "zsh"))
		zsh(out);
	else if (!strcmp(shell, "fish"))
		fish(out);
	else
		bash(out);
}

static enum exit_code run(struct invocation *in)
{
	const char *shell = in->arguments[0];

	if (strcmp(shell, "bash") && strcmp(shell, "zsh") && strcmp(shell, "fish"))
		return command_usage(in, "takes bash, zsh or fish, not \"%s\"", shell);
	completion_script(shell, stdout);
	return EXIT_DONE;
}

const struct command command_completion = {
	.name = "completion",
	.arguments = "bash|zsh|fish",
	.verbs = "bash|zsh|fish",
	.summary = "print a script with which the shell completes commands and options",
	.examples = "lockstep completion bash > ~/.local/share/bash-completion/completions/lockstep",
	.least = 1,
	.most = 1,
	.run = run,
};
