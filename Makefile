# Lockstep's build. `make help` lists what can be asked for.
#
# Objects of src/a/b.c go to build/obj/a/b.o; all but src/cli/main.c stand in build/liblockstep.a. The sanitizer build is the same
# rules once more with O=build/asan. Nothing is ever written outside build/ and web/node_modules/.

MAKEFLAGS += --no-builtin-rules --no-print-directory
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ifeq ($(origin CC),default)
CC := gcc
endif
ifeq ($(origin AR),default)
AR := ar
endif
PREFIX ?= /usr/local
DESTDIR ?=
SECONDS ?= 30

# --- flags ---------------------------------------------------------------------------------------------------------------

O ?= build
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion
LANGUAGE := -std=c17 -D_GNU_SOURCE -Isrc -pthread
ARCH := $(shell uname -m)
HARDEN := -fstack-protector-strong -fPIE $(if $(filter x86_64,$(ARCH)),-fcf-protection)
HARDEN_LINK := -pie -Wl,-z,relro,-z,now
LIBS := -lsqlite3 -ljansson -lyaml -lcsv -lsodium -lm -pthread

ifdef SANITIZE
OPTIMISE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
else
OPTIMISE := -O2 -g -D_FORTIFY_SOURCE=2
endif
CFLAGS ?=
LDFLAGS ?=
COMPILE = $(CC) $(LANGUAGE) $(WARNINGS) $(OPTIMISE) $(HARDEN) $(CFLAGS)
LINK = $(CC) $(OPTIMISE) $(HARDEN_LINK) $(LDFLAGS)

# --- what there is -------------------------------------------------------------------------------------------------------

SOURCES := $(sort $(shell find src -name '*.c'))
HEADERS := $(sort $(shell find src tests -name '*.h'))
MAIN := $(wildcard src/cli/main.c)
OBJECTS := $(patsubst src/%.c,$(O)/obj/%.o,$(filter-out $(MAIN),$(SOURCES)))
UNITS := $(sort $(wildcard tests/unit/*.c))
UNIT_PROGRAMS := $(patsubst tests/unit/%.c,$(O)/tests/%,$(UNITS))
PROGRAM_TESTS := $(sort $(wildcard tests/program/*.mjs))
BROWSER_TESTS := $(sort $(wildcard tests/browser/*.mjs))
PRESETS := $(sort $(wildcard presets/*.yaml))
BUNDLES := $(patsubst web/%.js,build/web/%.js,$(wildcard web/charts.js))
LIBRARY := $(O)/liblockstep.a
PROGRAM := $(if $(MAIN),$(O)/lockstep)

# --- building ------------------------------------------------------------------------------------------------------------

.PHONY: all
all: $(LIBRARY) $(PROGRAM) ## build build/lockstep (installs what is missing for that; DEPS=no never installs)

# The stamp makes the first build check for compiler, libraries and bundler; later builds do not ask again.
build/.deps: tools/deps $(wildcard web/package-lock.json)
	@mkdir -p build
	@$(if $(filter no,$(DEPS)),true,tools/deps build)
	@touch $@

$(O)/obj/%.o: src/%.c Makefile | build/.deps
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(COMPILE) -MMD -MP -c -o $@ $<

build/web/%.js: web/%.js web/package-lock.json | build/.deps
	@mkdir -p $(@D)
	@echo "  JS  $@"
	@web/node_modules/.bin/esbuild $< --bundle --minify --format=iife --target=es2020 --legal-comments=none \
		--charset=utf8 --log-level=warning --outfile=$@

# Presets and bundles inside the binary: see src/base/asset.h. The list itself is a dependency, so that a removed file goes too.
ASSETS := $(PRESETS) $(BUNDLES)
build/gen/assets.list: FORCE
	@mkdir -p $(@D)
	@echo "$(ASSETS)" | cmp -s - $@ || echo "$(ASSETS)" > $@
build/gen/assets.c: tools/embed build/gen/assets.list $(ASSETS)
	@tools/embed $(ASSETS) > $@
$(O)/obj/gen/assets.o: build/gen/assets.c Makefile
	@mkdir -p $(@D)
	@$(COMPILE) -c -o $@ $<

$(LIBRARY): $(OBJECTS) $(O)/obj/gen/assets.o
	@echo "  AR  $@"
	@rm -f $@
	@$(AR) rcs $@ $^

$(O)/lockstep: $(O)/obj/cli/main.o $(LIBRARY)
	@echo "  LD  $@"
	@$(LINK) -o $@ $< $(LIBRARY) $(LIBS)

$(O)/tests/%: tests/unit/%.c $(LIBRARY) tests/tap.h Makefile
	@mkdir -p $(@D) $(O)/obj/tests
	@echo "  LD  $@"
	@$(COMPILE) -Itests -MMD -MP -MF $(O)/obj/tests/$*.d -c -o $(O)/obj/tests/$*.o $<
	@$(LINK) -o $@ $(O)/obj/tests/$*.o $(LIBRARY) $(LIBS)

-include $(OBJECTS:.o=.d) $(O)/obj/cli/main.d $(patsubst tests/unit/%.c,$(O)/obj/tests/%.d,$(UNITS))

.PHONY: programs
programs: all $(UNIT_PROGRAMS)

.PHONY: FORCE
FORCE:

# --- installing what is needed -------------------------------------------------------------------------------------------

.PHONY: deps
deps: ## install what building and testing need (Debian packages, node modules); skips what is there
	@tools/deps build test

# --- checking ------------------------------------------------------------------------------------------------------------

.PHONY: unit
unit: $(UNIT_PROGRAMS) ## build and run the unit tests alone
	@$(if $(UNIT_PROGRAMS),prove --exec '' $(UNIT_PROGRAMS),echo "no unit tests yet")

.PHONY: format
format: ## put every C file into the one format
	@clang-format -i $(SOURCES) $(HEADERS) $(wildcard tests/*/*.c)

# --- the rest ------------------------------------------------------------------------------------------------------------

.PHONY: clean
clean: ## remove everything that was built
	@rm -rf build

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | \
		while IFS=$$'\t' read -r name what; do printf 'make %-16s %s\n' "$$name" "$$what"; done
