# Two commands matter: `go run ./cmd/okno demo` and `make test`.

.PHONY: test test-race bench fuzz generate lint build install

test: install ## every test on SQLite and PostgreSQL, and the browser tests
	tools/test.sh

test-race: install ## the same under the race detector, without the browser
	OKNO_TEST_RACE=1 tools/test.sh

bench: install ## the figures of docs/benchmarks.md; about two hours on a quiet machine
	tools/bench.sh

fuzz: ## each fuzz target for FUZZTIME (30s)
	tools/fuzz.sh

generate: ## templ components
	go tool templ generate

lint: ## vet and staticcheck
	go vet ./...
	go tool staticcheck ./...

build: ## release binaries without the demonstration
	for os in linux darwin windows; do CGO_ENABLED=0 GOOS=$$os go build -tags nodemo -trimpath -o bin/okno-$$os ./cmd/okno || exit 1; done

install: ## what the tests need from Debian and npm
	tools/install.sh

include Makefile.assets
