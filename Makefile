# Lockstep's build. `make help` lists what can be asked for.
#
# Objects of src/a/b.c go to build/obj/a/b.o; all but src/cli/main.c stand in build/liblockstep.a. The sanitizer build is the same
# rules once more with O=build/asan VARIANT=asan, those for threads and for fuzzing likewise. Nothing is ever written outside build/ and web/node_modules/.

MAKEFLAGS += --no-builtin-rules --no-print-directory
JOBS ?= $(shell nproc 2>/dev/null || echo 2)
ifeq ($(MAKELEVEL),0)
MAKEFLAGS += -j$(JOBS)
endif
ifneq ($(filter clean,$(MAKECMDGOALS)),)
.NOTPARALLEL:
endif
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := all

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
LIBS := -lsqlite3 -ljansson -lyaml -lcsv -lsodium -lical -lmicrohttpd -lgnutls -lcjose -lcurl -lm -pthread

# VARIANT: empty, asan (a second build that stops at the first bad access), fuzz (the same for libFuzzer), tsan (at the first race)
SANITIZE := -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
SANITIZE_THREADS := -O1 -g -fsanitize=thread -fno-omit-frame-pointer
OPTIMISE := $(if $(filter tsan,$(VARIANT)),$(SANITIZE_THREADS),$(if $(VARIANT),$(SANITIZE),-O2 -g -D_FORTIFY_SOURCE=2)) $(if $(filter fuzz,$(VARIANT)),-fsanitize=fuzzer-no-link)
CFLAGS ?=
LDFLAGS ?=
# The executor's loops: -O2 leaves most of them scalar. Two freedoms that change no result (nobody reads floating-point traps or
# errno) let comparisons of doubles be vectors too. `make vectors` lists what became one.
VECTORS := $(if $(VARIANT),,-O3 -fno-trapping-math -fno-math-errno)
COMPILE = $(CC) $(LANGUAGE) $(WARNINGS) $(OPTIMISE) $(FAST) $(HARDEN) $(CFLAGS)
# What the compiler had to say of an object stays beside it, where check-compilers looks.
OBJECT = $(COMPILE) -MMD -MP -c -o $@ $< 2> $@.said || { cat $@.said >&2; exit 1; }; cat $@.said >&2
LINK = $(CC) $(OPTIMISE) $(HARDEN_LINK) $(LDFLAGS)

# --- what there is -------------------------------------------------------------------------------------------------------

SOURCES := $(sort $(shell find src -name '*.c'))
HEADERS := $(sort $(shell find src tests bench -name '*.h' -not -path '*/node_modules/*'))
MAIN := $(wildcard src/cli/main.c)
OBJECTS := $(patsubst src/%.c,$(O)/obj/%.o,$(filter-out $(MAIN),$(SOURCES)))
UNITS := $(sort $(wildcard tests/unit/*.c))
UNIT_PROGRAMS := $(patsubst tests/unit/%.c,$(O)/tests/%,$(UNITS))
PROGRAM_TESTS := $(sort $(wildcard tests/program/*.mjs))
TOOL_TESTS := $(sort $(wildcard tests/tools/*.mjs))
BROWSER_TESTS := $(sort $(wildcard tests/browser/*.mjs))
PRESETS := $(sort $(wildcard presets/*.yaml))
# Reports carry the first two themselves; the pages of the server ask for theirs, packed where they may.
SERVED := build/web/app/app.js build/web/app/app.css build/web/charts.js
BUNDLES := $(patsubst web/%,build/web/%,$(wildcard web/charts.js web/*.css)) build/web/app/app.js build/web/app/app.css build/web/app/icon.svg $(SERVED:=.gz)
BENCH := $(patsubst bench/%.c,$(O)/obj/bench/%.o,$(wildcard bench/*.c))
LIBRARY := $(O)/liblockstep.a
PROGRAM := $(if $(MAIN),$(O)/lockstep)

# --- building ------------------------------------------------------------------------------------------------------------

.PHONY: all
all: $(LIBRARY) $(PROGRAM) ## build build/lockstep (installs what is missing for that; DEPS=no never installs)

# The stamp makes the first build check for compiler, libraries and bundler; later builds do not ask again.
build/.deps: tools/deps $(wildcard web/package-lock.json)
	@mkdir -p build
	@$(if $(filter no,$(DEPS)),true,tools/deps build && touch $@)
# Put back where it was taken away since; after the check above, as one installs at a time.
web/node_modules/.bin/esbuild: | build/.deps
	@[ -e $@ ] || $(if $(filter no,$(DEPS)),true,tools/deps build)

$(O)/obj/facts/kernels.o $(O)/obj/facts/tally.o: FAST = $(VECTORS)
$(O)/obj/%.o: src/%.c Makefile | build/.deps
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(OBJECT)

build/web/%.js: web/%.js web/package-lock.json | build/.deps web/node_modules/.bin/esbuild
	@mkdir -p $(@D)
	@echo "  JS  $@"
	@web/node_modules/.bin/esbuild $< --bundle --minify --format=iife --target=es2020 --legal-comments=none \
		--charset=utf8 --log-level=warning --outfile=$@
	@$(TRIM)

build/web/app/app.js: $(wildcard web/app/*.js web/app/*/*.js)
# Line ends with tabs behind them stand in templates alone, where nobody reads the tabs, nor a line's end beside a mark.
build/web/app/app.js: TRIM = sed -i -z 's/\n\t\+/\n/g; s/\n</</g; s/>\n/>/g' $@
build/web/app/%.svg: web/app/%.svg
	@mkdir -p $(@D)
	@cp $< $@
build/web/%.gz: build/web/%
	@gzip -9nc $< > $@

build/web/%.css: web/%.css web/package-lock.json | build/.deps web/node_modules/.bin/esbuild
	@mkdir -p $(@D)
	@echo "  CSS $@"
	@web/node_modules/.bin/esbuild $< --bundle --minify --charset=utf8 --log-level=warning --outfile=$@

# Presets and bundles inside the binary: see src/base/asset.h. The list itself is a dependency, so that a removed file goes too.
ASSETS := $(sort $(wildcard examples/agreements/*.yaml)) $(PRESETS) $(BUNDLES)
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

$(O)/obj/tests/%.o: LANGUAGE += -Itests
$(O)/obj/tests/%.o: tests/unit/%.c Makefile | build/.deps
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(OBJECT)
$(O)/tests/%: $(O)/obj/tests/%.o $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(LINK) -o $@ $^ $(LIBS)
.SECONDARY: $(patsubst tests/unit/%.c,$(O)/obj/tests/%.o,$(UNITS))

-include $(OBJECTS:.o=.d) $(O)/obj/cli/main.d $(patsubst tests/unit/%.c,$(O)/obj/tests/%.d,$(UNITS))

# What measures: no part of the product, but tried at a small size by a program test.
$(O)/obj/bench/%.o: LANGUAGE += -Ibench
$(O)/obj/bench/%.o: bench/%.c Makefile | build/.deps
	@mkdir -p $(@D)
	@echo "  CC  $@"
	@$(OBJECT)
$(O)/bench/driver: $(BENCH) $(LIBRARY)
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(LINK) -o $@ $^ $(LIBS)
-include $(BENCH:.o=.d)

# Loaded before a program: one makes the system refuse, the other says what names come to.
SHIMS := build/tests/fault.so build/tests/names.so
$(SHIMS): build/tests/%.so: tests/shim/%.c Makefile
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(CC) $(LANGUAGE) $(WARNINGS) -O2 -g -fPIC -shared -o $@ $<

.PHONY: programs
programs: all $(UNIT_PROGRAMS) $(SHIMS) $(O)/bench/driver

.PHONY: FORCE
FORCE:

# --- installing what is needed -------------------------------------------------------------------------------------------

.PHONY: deps deps-check
deps: ## install what building and testing need (Debian packages, node modules); skips what is there
	@tools/deps build test
deps-check:
	@$(if $(filter no,$(DEPS)),true,tools/deps build test)

# --- trying it out -------------------------------------------------------------------------------------------------------

.PHONY: demo
demo: all ## a simulated company in build/demo: its weekly page, then the server with a company at work; Ctrl-C ends it
	@tools/demo
	@tools/live.mjs

.PHONY: screenshot
screenshot: all ## take the pictures in README.md anew: docs/weekly.png, docs/desk.png
	@tools/demo >/dev/null
	@tools/screenshot.mjs

# --- checking ------------------------------------------------------------------------------------------------------------

# The sanitizer build runs the same program tests through one small starter each.
STARTERS := $(patsubst tests/program/%,build/asan/program/%,$(PROGRAM_TESTS))
build/asan/program/%: tests/program/% Makefile
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nLOCKSTEP=build/asan/lockstep exec $<\n' > $@ && chmod +x $@
SUITE = $(UNIT_PROGRAMS) $(PROGRAM_TESTS) $(TOOL_TESTS) $(BROWSER_TESTS) \
	$(patsubst build/tests/%,build/asan/tests/%,$(UNIT_PROGRAMS)) $(STARTERS) $(TSAN_TESTS) $(FUZZ_STARTERS) tools/tidy

.PHONY: test
test: ## every test: both compilers, unit, program and browser, again under the three sanitizers, the fuzzers for a while, then tidy
	@$(MAKE) deps-check
	@$(MAKE) check-compilers
	@$(MAKE) programs $(STARTERS)
	@$(MAKE) asan
	@$(MAKE) $(FUZZ_BUILD) fuzzers
	@$(MAKE) tsan-build
	@prove --exec '' --jobs $(JOBS) --timer $(SUITE)

.PHONY: unit
unit: $(UNIT_PROGRAMS) ## the unit tests alone
	@prove --exec '' --jobs $(JOBS) $(UNIT_PROGRAMS)

.PHONY: program-tests
program-tests: all $(SHIMS) $(O)/bench/driver ## the whole-program tests alone
	@prove --exec '' --jobs $(JOBS) $(PROGRAM_TESTS)

.PHONY: browser-tests
browser-tests: all ## the browser tests alone; screenshots go to build/shots
	@prove --exec '' $(BROWSER_TESTS)

.PHONY: asan
asan: ## build program and unit tests once more under AddressSanitizer and UBSan, in build/asan
	@$(MAKE) O=build/asan VARIANT=asan programs

# What has threads, under ThreadSanitizer: the book's writer, facts that follow it, questions, imports that read in a thread of their own, the server.
# Each has one small starter.
TSAN_UNITS := book_behind book_latest book_writer book_full facts_live facts_load measure_threads
TSAN_PROGRAMS := import-files serve serve-access serve-commands serve-events serve-find serve-imports serve-intake serve-kills outbox-webhooks
TSAN_TESTS := $(TSAN_UNITS:%=build/tsan/unit/%) $(TSAN_PROGRAMS:%=build/tsan/program/%.mjs)
TSAN = \#!/bin/sh\nTSAN_OPTIONS=halt_on_error=1:exitcode=9
build/tsan/unit/%: Makefile
	@mkdir -p $(@D)
	@printf '$(TSAN) CALLERS=64 exec build/tsan/tests/%s\n' $* > $@ && chmod +x $@
build/tsan/program/%: tests/program/% Makefile
	@mkdir -p $(@D)
	@printf '$(TSAN) LOCKSTEP=build/tsan/lockstep exec $<\n' > $@ && chmod +x $@
.PHONY: tsan tsan-build
tsan-build: $(TSAN_TESTS)
	@$(MAKE) O=build/tsan VARIANT=tsan build/tsan/lockstep $(TSAN_UNITS:%=build/tsan/tests/%)
tsan: tsan-build ## what has threads, under ThreadSanitizer
	@prove --exec '' --jobs $(JOBS) --timer $(TSAN_TESTS)

CRASH_TESTS := $(addprefix build/tests/,book_kills book_writer book_full) tests/program/import-kill.mjs tests/program/book-faults.mjs tests/program/serve-kills.mjs
.PHONY: test-crash
test-crash: all $(SHIMS) $(filter build/%,$(CRASH_TESTS)) ## kill a process that writes for 64 callers, RUNS=500 times, and the server with 64 clients, KILLS=60 times; refuse commands everything once, kill them everywhere once (with RUNS: here and there); fill the disk
	@RUNS=$(or $(RUNS),500) KILLS=$(or $(KILLS),60) SERVE_KILLS=$(or $(KILLS),60) CALLERS=64 CLIENTS=64 FAULTS=$(or $(FAULTS),$(if $(RUNS),some,all)) \
		prove -v --timer --exec '' $(CRASH_TESTS)

.PHONY: check-compilers
check-compilers: | build/.deps ## everything compiles without a warning under gcc and clang
	@echo "gcc:   no warnings allowed"
	@$(MAKE) CC=gcc compiled | grep -v '^  CC' || [ $${PIPESTATUS[0]} = 0 ]
	@! grep . $(addsuffix .said,$(COMPILED))
	@echo "clang: no warnings allowed"
	@$(MAKE) $(FUZZ_BUILD) compiled | grep -v '^  CC' || [ $${PIPESTATUS[0]} = 0 ]

.PHONY: vectors
vectors: ## which loops of the executor the compiler turned into vector instructions (gcc)
	@$(COMPILE) $(VECTORS) -fopt-info-vec-optimized -c -o /dev/null src/facts/kernels.c 2>&1 | sort -t: -k2n -u

.PHONY: compiled
COMPILED := $(OBJECTS) $(BENCH) $(if $(MAIN),$(O)/obj/cli/main.o) $(patsubst tests/unit/%.c,$(O)/obj/tests/%.o,$(UNITS))
compiled: $(COMPILED)

# Valgrind sees what the sanitizers do not: values that were never set. (Leaks they see, and children that end at once have some.) Thirty
# times slower, so without those that repeat by the thousand what others do once; sim_run measures memory, which is valgrind's here.
VALGRIND_LEAVES_OUT := base_zone_oracle book_crash book_flips book_fold book_full book_kills domain_calendar_oracle planted sim_run
.PHONY: valgrind
valgrind: $(UNIT_PROGRAMS) ## the unit tests under valgrind, but for the longest
	@BOOKS=2 prove --jobs $(JOBS) --timer --exec 'valgrind -q --error-exitcode=9' \
		$(filter-out $(addprefix %/,$(VALGRIND_LEAVES_OUT)),$(UNIT_PROGRAMS))

# Fuzzers: the same rules once more by clang, which therefore finds its warnings here too. Each has one small starter.
FUZZERS := $(sort $(wildcard tests/fuzz/$(or $(ONLY),*).c))
FUZZ_STARTERS := $(patsubst tests/fuzz/%.c,build/fuzz/run/%,$(FUZZERS))
FUZZ_BUILD = O=build/fuzz VARIANT=fuzz CC=clang CFLAGS=-Werror
.PHONY: fuzz fuzzers
fuzz: ## search for crashing input with libFuzzer: SECONDS=30 each, ONLY=csv for one; findings stay in build/fuzz/found
	@$(MAKE) $(FUZZ_BUILD) fuzzers
	@FUZZ_SECONDS=$(SECONDS) FUZZ_GROW=yes prove -v --exec '' $(FUZZ_STARTERS)
fuzzers: $(patsubst tests/fuzz/%.c,$(O)/bin/%,$(FUZZERS)) $(FUZZ_STARTERS)
$(O)/bin/%: tests/fuzz/%.c $(LIBRARY) Makefile
	@mkdir -p $(@D)
	@echo "  LD  $@"
	@$(COMPILE) -fsanitize=fuzzer -o $@ $< $(LIBRARY) $(LIBS)
build/fuzz/run/%: Makefile
	@mkdir -p $(@D)
	@printf '#!/bin/sh\nexec tools/fuzz build/fuzz/bin/%s\n' $(@F) > $@ && chmod +x $@

.PHONY: tidy
tidy: ## layering, banned functions, format, sizes, and that the pages name what there is
	@tools/deps build tidy
	@prove --exec '' tools/tidy

.PHONY: format
format: ## put every C file into the one format
	@tools/deps tidy
	@clang-format -i $(SOURCES) $(HEADERS) $(wildcard tests/*/*.c bench/*.c)

.PHONY: bench
bench: all $(O)/bench/driver ## measure beside other engines: LEADS=1000000, ONLY=questions for one part, RUNS=5; writes docs/benchmarks.md
	@LEADS=$(LEADS) ONLY=$(ONLY) RUNS=$(RUNS) ENGINES=$(ENGINES) tools/bench

# Each size by itself; what is measured at one stays until that size is measured again. The largest takes a quarter of an hour.
SIZES = 100000 1000000 10000000
.PHONY: bench-growth
bench-growth: all $(O)/bench/driver ## measure at SIZES="100000 1000000 10000000", one after another
	@for leads in $(SIZES); do \
		LEADS=$$leads ONLY=$(ONLY) RUNS=$(RUNS) ENGINES=$(ENGINES) tools/bench || exit 1; \
	done

# --- installing ----------------------------------------------------------------------------------------------------------

# Manual and completions come from the same table as --help.
GENERATED := build/share/man/man1/lockstep.1 build/share/bash-completion/completions/lockstep \
	build/share/zsh/site-functions/_lockstep build/share/fish/vendor_completions.d/lockstep.fish
build/share/man/man1/lockstep.1: HELP := help --man
build/share/bash-completion/completions/lockstep: HELP := completion bash
build/share/zsh/site-functions/_lockstep: HELP := completion zsh
build/share/fish/vendor_completions.d/lockstep.fish: HELP := completion fish
$(GENERATED): build/lockstep
	@mkdir -p $(@D)
	@build/lockstep $(HELP) > $@

DOC := $(DESTDIR)$(PREFIX)/share/doc/lockstep
DOC_FILES := $(wildcard *.md LICENSE) $(shell find docs examples presets -type f 2>/dev/null)

.PHONY: man
man: build/share/man/man1/lockstep.1 ## write the manual page to build/share/man/man1

.PHONY: install
install: all $(GENERATED) ## install program, manual, completions, systemd unit, examples and pages: DESTDIR= PREFIX=/usr/local
	@install -D -m 755 build/lockstep $(DESTDIR)$(PREFIX)/bin/lockstep
	@for file in $(GENERATED); do install -D -m 644 $$file $(DESTDIR)$(PREFIX)/$${file#build/}; done
	@install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	@sed 's|@PREFIX@|$(PREFIX)|' packaging/lockstep.service > $(DESTDIR)$(PREFIX)/lib/systemd/system/lockstep.service
	@chmod 644 $(DESTDIR)$(PREFIX)/lib/systemd/system/lockstep.service
	@for file in $(DOC_FILES); do install -D -m 644 $$file $(DOC)/$$file; done
	@echo "installed $(DESTDIR)$(PREFIX)/bin/lockstep"

.PHONY: uninstall
uninstall: ## remove what make install put there (same DESTDIR and PREFIX)
	@rm -f $(DESTDIR)$(PREFIX)/bin/lockstep $(DESTDIR)$(PREFIX)/lib/systemd/system/lockstep.service $(patsubst build/%,$(DESTDIR)$(PREFIX)/%,$(GENERATED))
	@rm -rf $(DOC)

# --- the rest ------------------------------------------------------------------------------------------------------------

.PHONY: clean
clean: ## remove everything that was built
	@rm -rf build

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | \
		while IFS=$$'\t' read -r name what; do printf 'make %-16s %s\n' "$$name" "$$what"; done
