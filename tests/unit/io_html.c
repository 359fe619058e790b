#include "io/html.h"

#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tap.h"

static void test_page(void)
{
	struct buf out;
	struct html h;

	buf_init(&out, 1 << 16);
	html_init(&h, &out);
	html_open(&h, "html", "lang", "en", NULL);
	html_void(&h, "meta", "charset", "utf-8", NULL);
	html_open(&h, "td", "class", "num", "title", "\"Tom\" & <Ann>", "id", NULL, "hidden", "", NULL);
	html_say(&h, "1 < 2 & 3 > 2 \"\u20AC");
	html_void(&h, "br", NULL);
	html_close(&h, "td");
	html_element(&h, "p", "dim", STR("why?"));
	html_text(&h, (struct str){ "a\0\x01\xFF\n", 5 });
	html_close(&h, "html");
	html_finish(&h);
	is_str(out.at,
	       "<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\">"
	       "<td class=\"num\" title=\"&quot;Tom&quot; &amp; &lt;Ann&gt;\" hidden>"
	       "1 &lt; 2 &amp; 3 &gt; 2 &quot;\u20AC<br></td>"
	       "<p class=\"dim\">why?</p>\na\uFFFD\uFFFD\uFFFD\n</html>",
	       "a page");
	buf_release(&out);
}

static void test_raw(void)
{
	struct buf out;
	struct html h;

	buf_init(&out, 1 << 16);
	html_init(&h, &out);
	buf_clear(&out);
	html_open(&h, "style", NULL);
	html_raw(&h, STR("a>b{content:'</'}"));
	html_close(&h, "style");
	html_open(&h, "a", "href", " JavaScript:alert(1)", NULL);
	html_close(&h, "a");
	html_open(&h, "a", "href", "#rows", NULL);
	html_close(&h, "a");
	is_str(out.at, "<style>a>b{content:'</'}</style><a></a><a href=\"#rows\"></a>", "style and links");
	buf_release(&out);
}

/* A wrong use ends the program: tried in a child. */
static void is_a_bug(void (*wrong)(struct html *), const char *what)
{
	fflush(stdout);
	pid_t child = fork();

	if (child == 0) {
		struct buf out;
		struct html h;

		if (!freopen("/dev/null", "w", stderr))
			_exit(1);
		signal(SIGABRT, SIG_DFL);
		buf_init(&out, 1000);
		html_init(&h, &out);
		wrong(&h);
		_exit(0);
	}
	int status = 0;

	waitpid(child, &status, 0);
	ok(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT, "%s is a bug", what);
}

static void close_other(struct html *h)
{
	html_open(h, "p", NULL);
	html_close(h, "td");
}
static void close_none(struct html *h)
{
	html_close(h, "td");
}
static void leave_open(struct html *h)
{
	html_open(h, "p", NULL);
	html_finish(h);
}
static void fill_void(struct html *h)
{
	html_open(h, "br", NULL);
}
static void void_other(struct html *h)
{
	html_void(h, "p", NULL);
}
static void bad_name(struct html *h)
{
	html_open(h, "p onclick", NULL);
}
static void raw_end(struct html *h)
{
	html_raw(h, STR("'</SCRIPT>'"));
}

int main(void)
{
	test_page();
	test_raw();
	is_a_bug(close_other, "closing another element");
	is_a_bug(close_none, "closing what is not open");
	is_a_bug(leave_open, "leaving an element open");
	is_a_bug(fill_void, "content in a void element");
	is_a_bug(void_other, "a void element that has content");
	is_a_bug(bad_name, "a tag that is no name");
	is_a_bug(raw_end, "a script that ends itself");
	return done();
}
