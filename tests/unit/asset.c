#include "tap.h"
#include "base/asset.h"

int main(void)
{
	const char *name = "unset";
	size_t count = 0;

	for (struct str bytes = asset_at(0, &name); name; bytes = asset_at(++count, &name)) {
		struct str same = asset_get(name);
		ok(same.at == bytes.at && same.len == bytes.len, "%s is found by its name", name);
		ok(bytes.at[bytes.len] == '\0', "%s ends with a NUL", name);
	}
	ok(asset_at(count, &name).at == NULL && name == NULL, "the walk ends after %zu files", count);
	ok(asset_get("web/no-such-file.js").at == NULL, "an unknown name gives nothing");
	return done();
}
