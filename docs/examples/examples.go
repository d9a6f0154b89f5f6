// Package examples holds correct receivers of Pocketbook webhooks, one for each framework that has a folder beside it, to be
// read, run and built upon.
package examples

import (
	"embed"
	"io/fs"
)

// Named one by one, so that what an installation leaves in the folders is not taken in.
//
//go:embed express/README.md express/.gitignore express/package.json express/*.js
//go:embed nextjs/README.md nextjs/.gitignore nextjs/package.json nextjs/tsconfig.json nextjs/app/webhooks/pocketbook/*.ts
//go:embed fastify/README.md fastify/.gitignore fastify/package.json fastify/*.js
//go:embed flask/README.md flask/.gitignore flask/requirements.txt flask/*.py
//go:embed fastapi/README.md fastapi/.gitignore fastapi/requirements.txt fastapi/*.py
//go:embed django/README.md django/.gitignore django/requirements.txt django/*.py
//go:embed django/project/*.py django/webhooks/*.py django/webhooks/migrations/*.py
//go:embed go/README.md go/main.go
var files embed.FS

// Example is a receiver that takes POCKETBOOK_WEBHOOK_SECRET, POCKETBOOK_WEBHOOK_SECRET_OLD and PORT from its environment
// and webhooks at /webhooks/pocketbook.
type Example struct {
	Name  string // of its folder
	Title string // what it is built with
	Setup string // a line for the shell in that folder that installs what it needs
	Start string // a line for the shell there that runs it
}

// All lists the examples, in the order in which one would look for them.
func All() []Example {
	const pip = "python3 -m venv .venv && . .venv/bin/activate && pip install -r requirements.txt"
	return []Example{
		{"express", "Express", "npm install", "npm start"},
		{"nextjs", "Next.js, App Router", "npm install && npm run build", "npm start"},
		{"fastify", "Fastify", "npm install", "npm start"},
		{"flask", "Flask", pip, "python3 app.py"},
		{"fastapi", "FastAPI", pip, "python3 main.py"},
		{
			"django", "Django", pip,
			"python3 manage.py migrate && python3 -m uvicorn project.asgi:application --port ${PORT:-3000}",
		},
		{"go", "Go, net/http", "go mod init example.com/webhooks && go mod tidy", "go run ."},
	}
}

// Files are those of the example, by their paths in its folder. They are read-only and safe for concurrent use.
func (e Example) Files() (fs.FS, error) { return fs.Sub(files, e.Name) }
