/* Every statement of the book is prepared by a real PostgreSQL server, in a folder of its own. SKIP where there is none. */
#include <glob.h>
#include <pwd.h>
#include <sys/stat.h>
#include "book/statements.h"
#include "book_help.h"

static char bin[256], as_user[128];

/* A server refuses to run as root: then as an account that owns nothing. */
static bool find_server(void)
{
	glob_t found;
	bool there = glob("/usr/lib/postgresql/*/bin/pg_ctl", 0, NULL, &found) == 0;

	if (there) {
		snprintf(bin, sizeof(bin), "%s", found.gl_pathv[found.gl_pathc - 1]);
		*strrchr(bin, '/') = '\0';
		globfree(&found);
	}
	if (geteuid() == 0) {
		const char *user = getpwnam("postgres") ? "postgres" : "nobody";
		struct passwd *pw = getpwnam(user);

		there = there && pw && chown(help_folder, pw->pw_uid, pw->pw_gid) == 0 &&
			access("/usr/sbin/runuser", X_OK) == 0;
		snprintf(as_user, sizeof(as_user), "/usr/sbin/runuser -u %s --", user);
	}
	return there;
}

__attribute__((format(printf, 1, 2))) static int shell(const char *fmt, ...)
{
	char command[2048];
	va_list args;

	va_start(args, fmt);
	vsnprintf(command, sizeof(command), fmt, args);
	va_end(args);
	return system(command);
}

static void write_script(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		bug_at(__FILE__, __LINE__, "cannot write %s", path);
	fprintf(file, "\\set ON_ERROR_STOP on\n%s\n", statement_create_postgresql);
	for (int i = 0; i < STATEMENT__COUNT; i++)
		fprintf(file, "PREPARE s%d AS %s;\n", i, statement_sql[i]);
	/* And one that goes through. */
	fprintf(file, "EXECUTE s%d(1, 'fold');\n", STATEMENT_META_GET);
	fclose(file);
	chmod(path, 0644);
}

int main(void)
{
	char script[300];

	help_folder_make();
	if (!find_server()) {
		skip("no PostgreSQL server here");
		help_folder_remove();
		return done();
	}
	snprintf(script, sizeof(script), "%s/prepare.sql", help_folder);
	write_script(script);
	is_int(shell("cd / && %s %s/initdb -D %s/data -A trust -U lockstep --no-sync >%s/initdb.log 2>&1", as_user, bin,
		     help_folder, help_folder),
	       0, "a server's folder is made");
	is_int(shell("cd / && %s %s/pg_ctl -D %s/data -w -o \"-k %s -c listen_addresses= -c fsync=off\" -l %s/log start >/dev/null",
		     as_user, bin, help_folder, help_folder, help_folder),
	       0, "a server is started");
	is_int(shell("cd / && %s %s/psql -q -h %s -U lockstep -d postgres -f %s >/dev/null", as_user, bin, help_folder,
		     script),
	       0, "PostgreSQL prepares all %d statements", STATEMENT__COUNT);
	shell("cd / && %s %s/pg_ctl -D %s/data -m immediate stop >/dev/null", as_user, bin, help_folder);
	shell("rm -rf '%s'", help_folder);
	return done();
}
