/* Every statement of the book is prepared by a real PostgreSQL server, in a folder of its own. SKIP where there is none. */
#include "book/statements.h"
#include "book_help.h"
#include "postgresql_help.h"

static void write_script(const char *path)
{
	FILE *file = fopen(path, "w");

	if (!file)
		bug_at(__FILE__, __LINE__, "cannot write %s", path);
	fprintf(file, "%s\n", statement_create_postgresql);
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
	if (server_start(help_folder)) {
		snprintf(script, sizeof(script), "%s/prepare.sql", help_folder);
		write_script(script);
		is_int(server_run(help_folder, script, "/dev/null"), 0, "PostgreSQL prepares all %d statements",
		       STATEMENT__COUNT);
		server_stop(help_folder);
	}
	help_folder_remove();
	return done();
}
