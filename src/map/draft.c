#include "map/plan.h"
#include "base/buf.h"

int map_draft(struct buf *out, const char *path, enum object as, struct err *err)
{
	(void)out;
	(void)as;
	return err_set(err, ERR_STATE, "%s: no draft yet", path);
}
