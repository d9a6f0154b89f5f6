module github.com/pocketbook-studio/pbhook/.ci/recording

go 1.26.0

require github.com/creack/pty v1.1.24
