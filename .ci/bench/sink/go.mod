module github.com/pocketbook-studio/pbhook/.ci/bench/sink

go 1.26.0
