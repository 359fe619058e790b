/* A real PostgreSQL server in a folder of its own, for tests that ask it something. */
#ifndef POSTGRESQL_HELP_H
#define POSTGRESQL_HELP_H

#include <glob.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char server_bin[256], server_user[128];

/* A server refuses to run as root: then as an account that owns nothing but `folder`. */
static inline bool server_find(const char *folder)
{
	glob_t found;
	bool there = glob("/usr/lib/postgresql/*/bin/pg_ctl", 0, NULL, &found) == 0;

	if (there) {
		snprintf(server_bin, sizeof(server_bin), "%s", found.gl_pathv[found.gl_pathc - 1]);
		*strrchr(server_bin, '/') = '\0';
		globfree(&found);
	}
	if (geteuid() == 0) {
		const char *user = getpwnam("postgres") ? "postgres" : "nobody";
		struct passwd *pw = getpwnam(user);

		there = there && pw && chown(folder, pw->pw_uid, pw->pw_gid) == 0 &&
			access("/usr/sbin/runuser", X_OK) == 0;
		snprintf(server_user, sizeof(server_user), "/usr/sbin/runuser -u %s --", user);
	}
	return there;
}

/* In `folder`, with standard input opened from where the test stands. */
__attribute__((format(printf, 2, 3))) static inline int server_shell(const char *folder, const char *fmt, ...)
{
	char command[2048];
	int len = snprintf(command, sizeof(command), "cd %s && ", folder);
	va_list args;

	va_start(args, fmt);
	vsnprintf(command + len, sizeof(command) - (size_t)len, fmt, args);
	va_end(args);
	return system(command);
}

/* SKIP, false, where there is none. */
static inline bool server_start(const char *folder)
{
	if (!server_find(folder)) {
		skip("no PostgreSQL server here");
		return false;
	}
	return ok(
		!server_shell(folder, "%s %s/initdb -D %s/data -A trust -U lockstep --no-sync >initdb.log 2>&1",
			      server_user, server_bin, folder) &&
			!server_shell(
				folder,
				"%s %s/pg_ctl -D %s/data -w -o \"-k %s -c listen_addresses= -c fsync=off\" -l log start >/dev/null",
				server_user, server_bin, folder, folder),
		"a server is started");
}

/* Runs the SQL in the file, in the folder; what it prints goes to the file `out` there. */
static inline int server_run(const char *folder, const char *sql, const char *out)
{
	char *path = realpath(sql, NULL);
	int code = server_shell(folder, "%s %s/psql -q -At -v ON_ERROR_STOP=1 -h %s -U lockstep -d postgres <%s >%s",
				server_user, server_bin, folder, path ? path : sql, out);

	free(path);
	return code;
}

static inline void server_stop(const char *folder)
{
	server_shell(folder, "%s %s/pg_ctl -D %s/data -m immediate stop >/dev/null", server_user, server_bin, folder);
	server_shell(folder, "rm -rf data log initdb.log");
}

#endif
