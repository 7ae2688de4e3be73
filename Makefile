# make demo   build, lint this repository's own records and report on them
# make test   everything that must hold before a change lands
# make check  the quick loop: format, vet, staticcheck, unit tests
# make build  bin/sitrep
# make fuzz   every fuzz target for FUZZTIME
# make bench  reading, linting and reporting beside their floors

GO ?= go
BIN := bin/sitrep
FUZZTIME ?= 3s
# The race detector needs a C compiler; without one the tests run all the same.
RACE := $(shell command -v gcc >/dev/null 2>&1 && echo -race)

.PHONY: build demo test test-deps check format format-check vet staticcheck unit unit-all race fuzz faults tidy-check self-lint bench update clean

build: $(BIN)

$(BIN): $(shell find cmd internal templates -name '*.go' -o -name '*.md' -path 'templates/*') go.mod go.sum
	$(GO) build -trimpath -o $@ ./cmd/sitrep

demo: build
	@echo "== sitrep lint: what is written in this repository's records"
	@$(BIN) lint
	@echo
	@echo "== sitrep metrics: what it adds up to"
	@$(BIN) metrics
	@echo
	@rm -rf build/demo && mkdir -p build/demo && cp -R incidents postmortems build/demo/
	@echo "== sitrep apply: action items become issues of the local tracker, below build/demo/.sitrep/issues"
	@$(BIN) apply --dir build/demo --yes --quiet
	@echo
	@echo "== sitrep plan: a second time there is nothing to do"
	@$(BIN) plan --dir build/demo

check: format-check vet staticcheck unit

test: test-deps format-check tidy-check vet staticcheck unit-all race fuzz self-lint
	@echo "make test: all good"

format-check:
	@out="$$($(GO) tool gofumpt -l cmd internal templates)"; if [ -n "$$out" ]; then echo "not formatted, run make format:"; echo "$$out"; exit 1; fi

format:
	$(GO) tool gofumpt -w cmd internal templates

vet:
	$(GO) vet ./...

staticcheck:
	$(GO) tool staticcheck ./...

unit:
	$(GO) test ./...

unit-all:
	$(GO) test -timeout 20m ./...

# The race detector slows everything down several times; it runs where goroutines share anything.
race:
	$(GO) test $(RACE) -timeout 20m ./internal/parse ./internal/lint ./internal/parsecache ./internal/reconcile ./internal/githubtest ./internal/metrics ./internal/render ./internal/edit

# Every fuzz target in turn; go test takes one at a time.
fuzz:
	@set -e; for pkg in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
			echo "fuzz $$pkg $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 1x $$pkg >build.fuzz.log 2>&1 || { cat build.fuzz.log; rm -f build.fuzz.log; exit 1; }; \
		done; \
	done; rm -f build.fuzz.log

# The table of docs/reliability.md: what is doubled, lost or told while something fails.
faults:
	$(GO) test ./internal/faults -run TestFaults -v -timeout 60m -faults.runs 1000 2>&1 | grep -E '^\||FAIL|ok'

tidy-check:
	$(GO) mod tidy -diff

# What tests need beside Go: GitHub's OpenAPI description and an emulator of GitHub, from npm, pinned by lock files.
test-deps: $(patsubst %,test/%/node_modules/.package-lock.json,openapi emulator duckdb)

test/%/node_modules/.package-lock.json: test/%/package-lock.json
	cd test/$* && npm ci --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json

# Not every platform's build of this one is to be had everywhere, and npm ci wants all of them in its lock file.
test/duckdb/node_modules/.package-lock.json: test/duckdb/package-lock.json
	cd test/duckdb && npm install --ignore-scripts --no-audit --no-fund && touch node_modules/.package-lock.json

# With make test a missing description is a failure, not a test that runs unchecked.
test: export SITREP_OPENAPI = $(CURDIR)/test/openapi/node_modules/@octokit/openapi/generated/api.github.com.json

self-lint: build
	$(BIN) lint --no-cache

bench:
	$(GO) test -run '^$$' -bench . -benchmem ./internal/...

# Golden files and generated documents from the code as it stands.
update:
	$(GO) test ./internal/... -update

clean:
	rm -rf bin build
