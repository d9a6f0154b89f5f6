module github.com/pocketbook-studio/pbhook/.ci/bench

go 1.26.0
