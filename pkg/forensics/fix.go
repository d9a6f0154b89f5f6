package forensics

// Fix says how to get the raw body of a request in one framework.
type Fix struct {
	Framework string
	Text      string // one sentence without a full stop
	Code      string // the lines that matter
}

// Fixes lists one for each framework that is known, in a fixed order.
func Fixes() []Fix {
	return []Fix{
		{
			"Express", "give the webhook route express.raw, before any express.json",
			"app.post('/webhooks/pocketbook', express.raw({ type: '*/*' }), handler) // req.body is a Buffer",
		},
		{
			"Next.js", "read the text of the request in a route handler; under pages/api switch the body parser off",
			"const raw = await request.text()                        // app router\nexport const config = { api: { bodyParser: false } }    // pages router",
		},
		{
			"Fastify", "register a parser that hands the bytes on",
			"app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => done(null, body))",
		},
		{"Flask", "take the data of the request before its json", "raw = request.get_data()"},
		{"Django", "take the body of the request, which is bytes", "raw = request.body"},
		{"FastAPI", "take the request itself as the argument, not a model", "raw = await request.body()"},
		{"Rails", "take the raw post, not params", "raw = request.raw_post"},
		{"Laravel", "take the content of the request, not its input", "$raw = $request->getContent();"},
		{"Spring", "bind the body to bytes, not to an object", "ResponseEntity<Void> receive(@RequestBody byte[] raw)"},
		{
			"Go", "read the body, with a bound, before decoding it",
			"raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, 1<<20))",
		},
	}
}
