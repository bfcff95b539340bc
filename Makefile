# Nothing but Go is needed to run, build and test. CGO_ENABLED=0: the database engine is in Go, and a C compiler would
# only build a second one that nobody calls.
export CGO_ENABLED = 0

.PHONY: run build test test-postgres test-s3 questions power race check fmt-check tidy-check vet lint openapi openapi-check openapi-lint openapi-breaking clients fuzz links bench fairness bench-gate

run: ## serve on 127.0.0.1:8080 with demonstration content
	go run ./cmd/masthead serve --demo

build: ## one binary, bin/masthead
	go build -trimpath -o bin/masthead ./cmd/masthead

test: ## all tests
	go test -timeout 20m ./...
	cd internal/bench && go test ./...

test-postgres: ## all tests that meet the database, on PostgreSQL: an installed one, started for this alone, or TEST_DATABASE_URL
	go run ./internal/testkit/cluster go test -timeout 20m ./api/... ./internal/newsroom/... ./internal/database/... ./internal/store/... ./cmd/masthead/...

# What stands for S3 is no part of the program: it is built from the module proxy, once, with modules of its own.
VERSITYGW = bin/versitygw-v1.8.0

$(VERSITYGW):
	GOBIN=$(CURDIR)/bin/new go install github.com/versity/versitygw/cmd/versitygw@v1.8.0
	mv bin/new/versitygw $@ && rmdir bin/new

test-s3: $(VERSITYGW) ## the tests of media files with a bucket of a real S3 server, built for it and started for this alone, or TEST_MEDIA_URL
	VERSITYGW=$(CURDIR)/$(VERSITYGW) go run ./internal/testkit/s3 go test -count=1 -timeout 10m ./internal/blob/... ./internal/library/...
	VERSITYGW=$(CURDIR)/$(VERSITYGW) go run ./internal/testkit/s3 go test -count=1 -timeout 10m -run 'Medi|Upload|Picture|File' ./api/... ./cmd/masthead/...

# make test draws 500 of these.
questions: ## 10,000 random questions for articles on each database, held against what they should find
	go test -count=1 -run TestQuestions ./internal/newsroom -rapid.checks=2000
	go run ./internal/testkit/cluster go test -count=1 -run TestQuestions ./internal/newsroom -rapid.checks=2000

power: ## 500 power cuts amid many writers, each of which must leave every acknowledged edit; make test makes 40
	POWER_CUTS=500 go test -count=1 -timeout 60m -run TestAPowerCut -v ./internal/database

# The race detector needs a C compiler and slows a database in Go down; it runs where goroutines meet, without the tests
# that are long for what they ask (-short).
race: ## the tests of packages with goroutines, under the race detector
	CGO_ENABLED=1 go test -timeout 20m -race -short ./api/... ./internal/rest/... ./internal/library/... ./internal/database/... ./internal/front/... ./internal/cache/... ./internal/auth/... ./internal/newsroom/... ./cmd/masthead/...

check: fmt-check tidy-check vet lint openapi-check openapi-breaking test race links ## everything that must hold before a change lands

fmt-check:
	@out=$$(find . -name node_modules -prune -o -name '*.go' -print | xargs gofmt -l); if [ -n "$$out" ]; then echo "gofmt these files:"; echo "$$out"; exit 1; fi

tidy-check: ## fail if go.mod names what is not used, or not what is
	go mod tidy -diff
	cd internal/bench && go mod tidy -diff

vet:
	go vet ./...
	cd internal/bench && go vet ./...

lint:
	go tool staticcheck ./...
	cd internal/bench && go tool -modfile ../../go.mod staticcheck ./...

openapi: ## write openapi.yaml and docs/ from the comments in api/
	go run ./cmd/openapigen

openapi-check: ## fail if the specification is out of step with the code
	go run ./cmd/openapigen -check

openapi-lint: ## what the linters of specifications say; needs Node
	.ci/spec/lint

openapi-breaking: ## fail if the specification breaks clients of the last release and the version does not say so
	.ci/spec/breaking

clients: ## generate, compile and run clients in the languages that are installed, and test the TypeScript client
	.ci/clients/run
	cd docs/clients/typescript && npm ci --silent && npm test

FUZZ ?= 1800 # seconds

fuzz: ## send what Schemathesis draws from the specification to a real server; then fuzz the parsers; needs Python
	.ci/fuzz/run $(FUZZ)
	for t in Cursor Body MergePatch IfMatch; do go test ./internal/rest -run '^$$' -fuzz "^Fuzz$$t$$" -fuzztime 60s || exit 1; done
	go test ./internal/text -run '^$$' -fuzz '^FuzzSlug$$' -fuzztime 60s
	go test ./internal/cms -run '^$$' -fuzz '^FuzzFilter$$' -fuzztime 60s
	go test ./internal/search -run '^$$' -fuzz '^FuzzParse$$' -fuzztime 60s
	for t in Render FastPath Directive; do go test ./internal/richtext -run '^$$' -fuzz "^Fuzz$$t$$" -fuzztime 60s || exit 1; done
	for t in FrontMatter JSONLine; do go test ./internal/exchange -run '^$$' -fuzz "^Fuzz$$t$$" -fuzztime 60s || exit 1; done
	go test ./internal/front -run '^$$' -fuzz '^FuzzParse$$' -fuzztime 60s
	go test ./internal/front -count=1 -timeout 60m -run Streams -rapid.checks=1000000
	for t in Inspect Profile; do go test ./internal/media -run '^$$' -fuzz "^Fuzz$$t$$" -fuzztime 60s || exit 1; done
	for t in HashText Parse; do go test ./internal/auth -run '^$$' -fuzz "^Fuzz$$t$$" -fuzztime 60s || exit 1; done

links: ## fail if a link or a path in the documentation leads nowhere
	go test -count=1 -run TestLinks ./docs/...

# BENCH_PROFILE=dir keeps a profile of the server for each figure; BENCH_N=1000000 is how large the large newsroom is.
BENCH_N ?= 100000

bench: ## hold the server against bare Echo and PocketBase, write the table of docs/performance.md, and print how questions grow
	go build -C internal/bench -o ../../bin/bench .
	bin/bench -large $(BENCH_N) -profiles "$(BENCH_PROFILE)" -table docs/performance.md
	cd internal/bench && BENCH_N=$(BENCH_N) go test -run '^$$' -bench . -benchtime 1s -timeout 0 .

FAIR_N ?= 40000

fairness: ## how much slower others are answered while 100 anonymous callers ask the worst questions of FAIR_N articles
	go build -C internal/bench -o ../../bin/bench .
	bin/bench -fairness -large $(FAIR_N)

bench-gate: ## fail if the server has become far slower than its goals; three minutes, no part of make check
	go build -C internal/bench -o ../../bin/bench .
	bin/bench -gate
