module github.com/pocketbook-studio/pbhook/.ci/differential

go 1.26.0

require (
	github.com/pocketbook-studio/pbhook v0.0.0
	github.com/stripe/stripe-go/v85 v85.0.0
)

replace github.com/pocketbook-studio/pbhook => ../..
