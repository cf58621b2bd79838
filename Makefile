# mtaproof - GNU make 4 or later. One Makefile for the whole tree; nothing recurses into folders.
#
#   make            the program, build/mtaproof
#   make demo       the program at work (installs what it needs)
#   make check      everything that proves it works (installs what the tests need)
#   make truth      the simulation against the real Postfix: N=2000 SEED=1; truth-sendmail: against the
#                   real sendmail; truth-rulesets: rules of a .cf against it
#   make lint bench coverage fuzz-run install uninstall
#   make V=asan     another variant beside it: release | debug | asan | cov | fuzz | clang
#   make Q=         shows the commands
#
# CC, CFLAGS, CPPFLAGS, LDFLAGS, PREFIX and DESTDIR are the caller's, as usual.

MAKEFLAGS += --no-builtin-rules
.DELETE_ON_ERROR:
.SUFFIXES:
.DEFAULT_GOAL := all

VERSION := $(shell sed -n 's/^\#define MP_VERSION "\(.*\)"$$/\1/p' src/base/version.h)

V ?= release
B := build/$(V)
Q ?= @
say = @printf '  %-5s %s\n' '$(1)' '$(2)'

ifneq ($(filter-out release debug asan cov fuzz clang,$(V)),)
$(error V=$(V) is none of release, debug, asan, cov, fuzz, clang)
endif

# ---- compiler and flags ------------------------------------------------------------------------

ifeq ($(origin CC),default)
CC := $(if $(filter fuzz clang,$(V)),clang,gcc)
endif
AR := ar
PKG_CONFIG ?= pkg-config
PKGS := openssl jansson libevent_core libcares libgsasl libpcre2-8
PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) 2>/dev/null)
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS) 2>/dev/null)
CMOCKA_CFLAGS := $(shell $(PKG_CONFIG) --cflags cmocka 2>/dev/null)
CMOCKA_LIBS := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null || echo -lcmocka)

WARN := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wpointer-arith \
	-Wwrite-strings -Wvla -Wformat=2 -Wundef -Wimplicit-fallthrough
WERROR ?=

X86 := $(filter x86_64 i%86,$(shell uname -m))
SANITIZE := -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer

HARDEN := -O2 -g -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2 -fstack-protector-strong \
	-fstack-clash-protection $(if $(X86),-fcf-protection) -fPIE
HARDEN_LD := -pie -Wl,-z,relro,-z,now

CFLAGS_release := $(HARDEN)
LDFLAGS_release := $(HARDEN_LD)
CFLAGS_clang := $(HARDEN)
LDFLAGS_clang := $(HARDEN_LD)
CFLAGS_debug := -O0 -g3
CFLAGS_asan := -O1 -g $(SANITIZE)
LDFLAGS_asan := $(SANITIZE)
CFLAGS_cov := -O0 -g --coverage
LDFLAGS_cov := --coverage
CFLAGS_fuzz := -O1 -g $(SANITIZE) -fsanitize=fuzzer-no-link
LDFLAGS_fuzz := $(SANITIZE)

ALL_DEFINES := -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE
ALL_CPPFLAGS = -Isrc $(ALL_DEFINES) $(PKG_CFLAGS) $(CPPFLAGS)
ALL_CFLAGS = -std=c17 $(WARN) $(WERROR) $(CFLAGS_$(V)) $(CFLAGS)
ALL_LDFLAGS = $(LDFLAGS_$(V)) $(LDFLAGS)
LIBS = $(PKG_LIBS) $(LDLIBS)

# ---- what is built -----------------------------------------------------------------------------

MAIN_SRC := $(wildcard src/cli/main.c)
LIB_SRC := $(filter-out src/cli/main.c src/scenario/compile/%,$(sort $(wildcard src/*/*.c src/*/*/*.c)))
LIB_OBJ := $(LIB_SRC:%.c=$(B)/%.o) $(B)/gen/rules_data.o
LIB := $(B)/libmtaproof.a
# The tool that compiles rules/ in, and the objects that it is made of.
COMPILE := $(B)/src/scenario/compile/compile
COMPILE_OBJ := $(filter-out $(B)/src/scenario/builtin.o,$(filter $(B)/src/base/% $(B)/src/diag/% $(B)/src/json/% \
	$(B)/src/smtp/% $(B)/src/scenario/%,$(LIB_SRC:%.c=$(B)/%.o)))
PROG := $(if $(MAIN_SRC),$(B)/mtaproof)
LINK := $(if $(PROG),$(if $(filter release,$(V)),build/mtaproof))

UNIT_SRC := $(sort $(wildcard tests/unit/test_*.c))
UNIT := $(UNIT_SRC:%.c=$(B)/%)
UNIT_HELP := $(patsubst %.c,$(B)/%.o,$(filter-out $(UNIT_SRC),$(sort $(wildcard tests/unit/*.c))))

FUZZ_SRC := $(sort $(wildcard tests/fuzz/fuzz_*.c))
FUZZ := $(FUZZ_SRC:%.c=$(B)/%)
# What targets share; the replay main is not for libFuzzer, which has its own.
FUZZ_HELP := $(patsubst %.c,$(B)/%.o,$(filter-out $(FUZZ_SRC) $(if $(filter fuzz,$(V)),tests/fuzz/replay.c),$(sort $(wildcard tests/fuzz/*.c))))

# Programs that other suites use (a loopback server, a player): tests/tool/NAME.c, one program each.
TOOL_SRC := $(sort $(wildcard tests/tool/*.c))
TOOL := $(TOOL_SRC:%.c=$(B)/%)

RULES := $(shell find rules -type f -name '*.json' 2>/dev/null | LC_ALL=C sort)

.PHONY: all tests FORCE
all: $(LIB) $(PROG) $(LINK)
tests: all $(UNIT) $(TOOL) $(if $(filter fuzz,$(V)),,$(FUZZ))

$(B)/mtaproof: $(B)/src/cli/main.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

build/mtaproof: $(B)/mtaproof
	$(Q)ln -sf $(V)/mtaproof $@

# Made anew each time, so that the object of a deleted source does not linger in it.
$(LIB): $(LIB_OBJ) $(B)/objects
	$(call say,AR,$@)
	$(Q)rm -f $@ && $(AR) rcs $@ $(LIB_OBJ)

$(B)/%.o: %.c $(B)/flags
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D) && $(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(B)/gen/%.o: $(B)/gen/%.c $(B)/flags
	$(call say,CC,$@)
	$(Q)$(CC) $(ALL_CPPFLAGS) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What reads the scenarios at run time reads them for the build, too.
$(COMPILE): $(COMPILE).o $(COMPILE_OBJ)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

$(B)/gen/rules_data.c: $(COMPILE) $(RULES) $(B)/rules-list
	$(call say,GEN,$@)
	$(Q)mkdir -p $(@D) && $(COMPILE) rules $(RULES) > $@.new && mv $@.new $@

$(UNIT): $(B)/tests/unit/%: $(B)/tests/unit/%.o $(UNIT_HELP) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(CMOCKA_LIBS) $(LIBS)

$(TOOL): $(B)/tests/tool/%: $(B)/tests/tool/%.o $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(LIBS)

# Under V=fuzz libFuzzer drives the targets; in every other variant a small main replays files.
$(FUZZ): $(B)/tests/fuzz/%: $(B)/tests/fuzz/%.o $(FUZZ_HELP) $(LIB)
	$(call say,LD,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) $(if $(filter fuzz,$(V)),-fsanitize=fuzzer) -o $@ $^ $(LIBS)

$(B)/tests/%.o: private CPPFLAGS += $(CMOCKA_CFLAGS) -Itests

.SECONDARY:

# Stamps: rewritten only when what they hold has changed, so that a change of flags, of the list of
# sources or of the list of rules rebuilds just what depends on it. WERROR changes no object.
define stamp
	@mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(1))' > $@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi
endef

$(B)/flags: FORCE
	@$(PKG_CONFIG) --exists --print-errors $(PKGS) || { \
		echo 'mtaproof needs libraries that are not installed; this installs them: .ci/deps build' >&2; exit 1; }
	$(call stamp,$(CC) $(ALL_CPPFLAGS) $(filter-out $(WERROR),$(ALL_CFLAGS)) $(ALL_LDFLAGS) $(LIBS))
$(B)/objects: FORCE
	$(call stamp,$(LIB_OBJ))
$(B)/rules-list: FORCE
	$(call stamp,$(RULES))

# ---- checks ------------------------------------------------------------------------------------

JOBS ?= $(shell nproc 2>/dev/null || echo 2)
PARALLEL = $(if $(filter -j%,$(MAKEFLAGS)),,-j$(JOBS))

# check installs what it needs, then works without the network; check-run installs nothing.
# SUITES="unit cli" runs just these.
.PHONY: check check-run demo bench coverage fuzz fuzz-bins fuzz-run
check:
	@.ci/deps build test
	@.ci/mta || echo 'make check: going on without the real servers; tests that need them are skipped' >&2
	@$(MAKE) --no-print-directory $(PARALLEL) WERROR=-Werror check-run

check-run: tests
	@tests/run $(B) $(SUITES)

# The program shown at work: needs root for the half that boots real servers, and says so without.
demo:
	@.ci/deps build
	@.ci/mta || echo 'make demo: going on without the real servers' >&2
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@tests/demo/run $(B)

# The simulation held against the real Postfix: N random dialogues, two labs at a time. truth-mutants
# plants errors in the engine, one at a time, and expects the truth to find each.
N ?= 2000
SEED ?= 1
.PHONY: truth truth-mutants
truth truth-mutants:
	@.ci/deps build test
	@.ci/mta postfix
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@MTAPROOF=$(B)/mtaproof tests/truth/$(if $(filter truth,$@),truth,mutants) -n $(N) --seed $(SEED)

# The same for sendmail: the real daemon in private namespaces.
.PHONY: truth-sendmail truth-sendmail-mutants
truth-sendmail truth-sendmail-mutants:
	@.ci/deps build test
	@.ci/mta sendmail
	@$(MAKE) --no-print-directory $(PARALLEL) all
	@MTAPROOF=$(B)/mtaproof tests/truth-sendmail/$(if $(filter truth-sendmail,$@),truth -n $(N) --seed $(SEED),mutants)

# Rulesets of N random configurations held against the real `sendmail -bt`.
.PHONY: truth-rulesets
truth-rulesets:
	@.ci/deps build test
	@.ci/mta sendmail
	@$(MAKE) --no-print-directory $(PARALLEL) tests
	@BUILD=$(B) tests/rulesets/rulesets -n $(N) --seed $(SEED) --shrink 3

# Ratios against the tools that people use today, measured in one run.
bench:
	@.ci/deps build test
	@.ci/mta postfix
	@$(MAKE) --no-print-directory $(PARALLEL) tests
	@tests/bench/run $(B)

coverage:
	@$(MAKE) --no-print-directory V=cov $(PARALLEL) tests
	@find build/cov -name '*.gcda' -delete
	@tests/run build/cov $(SUITES)
	@tests/coverage.sh build/cov

# make fuzz builds the targets for libFuzzer; make fuzz-run T=60 runs each for T seconds from its seeds.
T ?= 60
fuzz:
	@.ci/deps build fuzz
	@$(MAKE) --no-print-directory V=fuzz $(PARALLEL) fuzz-bins
fuzz-bins: $(FUZZ)
fuzz-run: fuzz
	@tests/fuzz/run build/fuzz $(T) $(TARGETS)

# ---- lint --------------------------------------------------------------------------------------

TIDY := $(patsubst %.c,$(B)/%.tidy,$(LIB_SRC) $(MAIN_SRC) $(TOOL_SRC) $(wildcard tests/fuzz/*.c))

.PHONY: lint tidy cppcheck
lint:
	@.ci/deps build test lint
	@MAKE='$(MAKE)' JOBS=$(JOBS) tests/lint/run

# The analyzer gives a function up after so many states; its default takes five times as long on ours.
ANALYZE := -Xclang -analyzer-config -Xclang max-nodes=30000
# One stamp a file, which depends on the object and so on every header in it.
tidy: $(TIDY)
$(B)/%.tidy: %.c $(B)/%.o .clang-tidy
	$(call say,TIDY,$<)
	$(Q)clang-tidy --quiet $< -- -std=c17 $(ALL_CPPFLAGS) -Itests $(ANALYZE) >$@.log 2>&1 || { cat $@.log; exit 1; }
	$(Q)mv $@.log $@

cppcheck:
	@mkdir -p build/cppcheck
	@cppcheck --quiet -j$(JOBS) --cppcheck-build-dir=build/cppcheck --std=c11 -Isrc \
		--enable=warning,portability,performance --inline-suppr --error-exitcode=1 \
		--suppressions-list=tests/lint/cppcheck.suppress $(ALL_DEFINES) src

# ---- install -----------------------------------------------------------------------------------

PREFIX ?= /usr/local
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DATADIR ?= $(PREFIX)/share/mtaproof
BASHCOMPDIR ?= $(PREFIX)/share/bash-completion/completions
INSTALL ?= install

MAN := $(sort $(wildcard doc/*.1 doc/*.5 doc/*.7))
COMPLETION := $(wildcard doc/mtaproof.bash)

.PHONY: install uninstall
install: all
	$(INSTALL) -d '$(DESTDIR)$(BINDIR)'
	$(if $(PROG),$(INSTALL) -m 0755 $(PROG) '$(DESTDIR)$(BINDIR)/mtaproof')
	$(foreach m,$(MAN),$(INSTALL) -d '$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))' && \
		$(INSTALL) -m 0644 $(m) '$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/' && ):
	$(foreach r,$(RULES),$(INSTALL) -d '$(DESTDIR)$(DATADIR)/$(dir $(r))' && \
		$(INSTALL) -m 0644 $(r) '$(DESTDIR)$(DATADIR)/$(r)' && ):
	$(if $(COMPLETION),$(INSTALL) -d '$(DESTDIR)$(BASHCOMPDIR)' && \
		$(INSTALL) -m 0644 $(COMPLETION) '$(DESTDIR)$(BASHCOMPDIR)/mtaproof')

uninstall:
	rm -f '$(DESTDIR)$(BINDIR)/mtaproof'
	$(foreach m,$(MAN),rm -f '$(DESTDIR)$(MANDIR)/man$(subst .,,$(suffix $(m)))/$(notdir $(m))' && ):
	$(foreach r,$(RULES),rm -f '$(DESTDIR)$(DATADIR)/$(r)' && ):
	rm -f '$(DESTDIR)$(BASHCOMPDIR)/mtaproof'
	test ! -d '$(DESTDIR)$(DATADIR)' || find '$(DESTDIR)$(DATADIR)' -depth -type d -empty -delete

.PHONY: clean version
clean:
	rm -rf build/release build/debug build/asan build/cov build/fuzz build/clang build/mtaproof
version:
	@echo $(VERSION)

-include $(shell find $(B) -name '*.d' 2>/dev/null)
