#!/usr/bin/env python3
"""Writes corpus.ndjson: deliveries that went wrong, each with its cause, one JSON object a line.

    ./make-corpus.py > corpus.ndjson

Bodies are damaged by the tools that damage them in practice, and signatures are made by Python's hmac. Needs bash, jq,
node, php (apt-get install php-cli), curl, git, go, iconv, gzip and perl on the PATH, and fails when one is missing. The
output is the same each time with the same versions of the tools; "tool" of each line says what made it.
"""
import base64, hashlib, hmac, http.server, json, os, socket, subprocess, sys, tempfile, threading

SECRET = "whsec_dGhlIHNlY3JldCBvZiBhIHdlYmhvb2s"
OLD, LIVE = "whsec_b2xkIHNlY3JldA", "whsec_bGl2ZSBzZWNyZXQ"
T = "1700000000"
NOW = 1700000003

os.environ["LC_ALL"] = "C.UTF-8"
os.environ["PHP_INI_SCAN_DIR"] = ""


def run(command, data=b""):
    return subprocess.run(["bash", "-c", "set -eo pipefail; " + command], input=data, stdout=subprocess.PIPE, check=True).stdout


def node(expression, data):
    """The value of a JavaScript expression over body, the text that was received."""
    program = "const body = require('fs').readFileSync(0, 'utf8'); process.stdout.write(String(%s))" % expression
    return subprocess.run(["node", "-e", program], input=data, stdout=subprocess.PIPE, check=True).stdout


def php(expression, data):
    program = "$body = stream_get_contents(STDIN); echo %s;" % expression
    return subprocess.run(["php", "-n", "-r", program], input=data, stdout=subprocess.PIPE, check=True).stdout


def python(expression, data):
    program = "import sys, json, unicodedata, zlib; body = sys.stdin.buffer.read(); value = %s; " % expression
    program += "sys.stdout.buffer.write(value if isinstance(value, bytes) else value.encode())"
    return subprocess.run([sys.executable, "-c", program], input=data, stdout=subprocess.PIPE, check=True).stdout


def golang(expression, data):
    program = """package main
import ("encoding/json"; "io"; "os")
func main() {
	body, err := io.ReadAll(os.Stdin)
	if err == nil { err = damage(os.Stdout, body) }
	if err != nil { panic(err) }
}
func damage(w io.Writer, body []byte) error { %s }
""" % expression
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/main.go", "w") as f:
            f.write(program)
        return subprocess.run(["go", "run", folder + "/main.go"], input=data, stdout=subprocess.PIPE, check=True).stdout


def curl(arguments, data):
    """What a server receives when curl posts the file "body"."""
    received = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            received.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.handle_request, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        with open(folder + "/body", "wb") as f:
            f.write(data)
        subprocess.run(["bash", "-c", "curl -sS %s http://127.0.0.1:%d/" % (arguments, server.server_port)], cwd=folder, check=True)
    server.server_close()
    return received[0]


def chunked(data):
    """What stands in a dump of the connection behind the head, when curl posts the file "body" in chunks."""
    with socket.create_server(("127.0.0.1", 0)) as server, tempfile.TemporaryDirectory() as folder:
        with open(folder + "/body", "wb") as f:
            f.write(data)
        client = subprocess.Popen(["curl", "-s", "-H", "Transfer-Encoding: chunked", "-H", "Expect:", "--data-binary", "@body",
                                   "http://127.0.0.1:%d/" % server.getsockname()[1]], cwd=folder)
        connection, _ = server.accept()
        with connection:
            dump = b""
            while not dump.endswith(b"0\r\n\r\n"):
                dump += connection.recv(4096)
            connection.sendall(b"HTTP/1.1 204 No Content\r\n\r\n")
        client.wait()
    return dump.split(b"\r\n\r\n", 1)[1]


def git_autocrlf(data):
    """What git checks out on Windows, where core.autocrlf is true."""
    with tempfile.TemporaryDirectory() as folder:
        def git(*arguments):
            subprocess.run(["git", "-C", folder, "-c", "core.autocrlf=true", "-c", "user.name=x", "-c", "user.email=x@example.com", *arguments],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        git("init")
        with open(folder + "/body.json", "wb") as f:
            f.write(data)
        git("add", ".")
        os.remove(folder + "/body.json")
        git("checkout", "--", ".")
        with open(folder + "/body.json", "rb") as f:
            return f.read()


def mac(body, secret=SECRET, t=T, algorithm="sha256", message=None):
    key = secret if isinstance(secret, bytes) else secret.encode()
    return hmac.new(key, (t.encode() + b"." + body) if message is None else message, algorithm)


def header(body, secret=SECRET, t=T):
    return "t=%s,v1=%s" % (t, mac(body, secret, t).hexdigest())


count = 0


def scenario(name, tool, signed, received, expect, headers=None, secrets=None, likely=(), **extra):
    global count
    count += 1
    line = {
        "name": name,
        "tool": tool,
        "secrets": [{"name": n, "value": v} for n, v in (secrets or [("current", SECRET)])],
        "headers": headers if headers is not None else [header(signed)],
    }
    try:
        line["body"] = received.decode()
    except UnicodeDecodeError:
        line["bodyBase64"] = base64.b64encode(received).decode()
    if expect not in ("", "valid"):
        line["signedBase64"] = base64.b64encode(signed).decode()
    line["now"] = NOW
    line.update(extra)
    line["expect"] = expect
    line["likely"] = list(likely)
    print(json.dumps(line, ensure_ascii=False))


# The bodies that are signed: as JSON.stringify writes them.
event = {
    "id": "evt_1234567890", "type": "certificate.created", "created": 1640995200,
    "data": {
        "certificateId": "507f1f77bcf86cd799439011", "name": "Achievement", "imageUrl": "https://ipfs.io/ipfs/QmHash",
        "owner": "0x1234567890123456789012345678901234567890",
        "metadata": {"category": "education", "attributes": [{"trait_type": "Course", "value": "Web 101"}], "empty": {}, "none": []},
        "createdAt": "2025-01-15T10:30:00Z",
    },
}
plain = node("JSON.stringify(JSON.parse(body))", json.dumps(event).encode())
event["data"]["name"] = "Café <b>Zürich & Söhne</b>"
rich = node("JSON.stringify(JSON.parse(body))", json.dumps(event).encode())
event["data"]["name"] = "Café “Zürich” 10 €"
typographic = node("JSON.stringify(JSON.parse(body))", json.dumps(event).encode())
event["data"]["name"] = "𝄞 clef & 日本語"
wide = node("JSON.stringify(JSON.parse(body))", json.dumps(event).encode())
pretty = run("jq .", plain)
numbers = plain.replace(b'"created":1640995200', b'"created":1640995200.0,"share":1e2,"rate":0.50')
SAMPLES = {"samples": [plain.decode()]}

# Nothing wrong.
scenario("untouched", "none", plain, plain, "valid")
scenario("untouched, not ASCII", "none", wide, wide, "valid")

# Parsed and written again.
for name, command, body, expect in [
    ("jq", "jq .", plain, "json.indented"),
    ("jq with tabs", "jq --tab .", plain, "json.indented"),
    ("jq with four spaces", "jq --indent 4 .", plain, "json.indented"),
    ("jq into ASCII", "jq -a .", rich, "json.indented"),
    ("jq compact", "jq -c .", plain, "body.newline-added"),
    ("jq compact into ASCII", "jq -ac .", rich, "json.ascii"),
    ("json.tool", "python3 -m json.tool", rich, "json.indented"),
    ("json.tool without ASCII", "python3 -m json.tool --no-ensure-ascii --indent 2", rich, "json.indented"),
]:
    scenario(name, command, body, run(command, body), expect)
scenario("jq with sorted keys", "jq -S .", plain, run("jq -S .", plain), "json.key-order+json.indented", **SAMPLES)
scenario("jq with sorted keys, compact", "jq -Sc . | tr -d '\\n'", plain, run("jq -Sc . | tr -d '\\n'", plain), "json.key-order", **SAMPLES)
for name, expression, body, expect in [
    ("json.dumps", "json.dumps(json.loads(body))", plain, "json.python"),
    ("json.dumps, not ASCII", "json.dumps(json.loads(body))", wide, "json.python"),
    ("json.dumps ensure_ascii=False", "json.dumps(json.loads(body), ensure_ascii=False)", rich, "json.python"),
    ("json.dumps compact", "json.dumps(json.loads(body), separators=(',', ':'))", wide, "json.ascii"),
    ("json.dumps indent=2", "json.dumps(json.loads(body), indent=2)", rich, "json.indented"),
    ("json.dumps indent=4", "json.dumps(json.loads(body), indent=4)", plain, "json.indented"),
]:
    scenario(name, "python3: " + expression, body, python(expression, body), expect)
expression = "json.dumps(json.loads(body), sort_keys=True, separators=(',', ':'))"
scenario("json.dumps sort_keys", "python3: " + expression, plain, python(expression, plain), "json.key-order", **SAMPLES)
scenario("JSON.stringify indented", "node: JSON.stringify(value, null, 2)", rich, node("JSON.stringify(JSON.parse(body), null, 2)", rich), "json.indented")
for name, signed, tool in [
    ("pretty-printed by jq", pretty, "jq ."),
    ("written by json.dumps", python("json.dumps(json.loads(body))", wide), "json.dumps"),
    ("written by json.dumps indented", python("json.dumps(json.loads(body), indent=4)", wide), "json.dumps(indent=4)"),
    ("written by json_encode", php("json_encode(json_decode($body))", wide), "json_encode"),
    ("written by json_encode pretty", php("json_encode(json_decode($body), JSON_PRETTY_PRINT)", rich.replace(b'"empty":{},', b"")), "json_encode(JSON_PRETTY_PRINT)"),
    ("indented by tabs", node("JSON.stringify(JSON.parse(body), null, '\\t')", plain), "JSON.stringify(value, null, '\\t')"),
]:
    scenario("signed " + name + ", parsed by a handler", "%s, then node: JSON.stringify(JSON.parse(body))" % tool, signed,
             node("JSON.stringify(JSON.parse(body))", signed), "json.reserialised")
for name, flags, body, expect in [
    ("json_encode", "0", wide, "json.php"),
    ("json_encode pretty", "JSON_PRETTY_PRINT", rich, "json.php"),
    ("json_encode unescaped unicode", "JSON_UNESCAPED_UNICODE", rich, "json.php"),
    ("json_encode unescaped slashes", "JSON_UNESCAPED_SLASHES", rich, "json.ascii"),
]:
    expression = "json_encode(json_decode($body), %s)" % flags
    scenario(name, "php: " + expression, body, php(expression, body), expect)
scenario("json.Marshal", "go: json.Marshal(json.RawMessage(body))", rich,
         golang("out, err := json.Marshal(json.RawMessage(body)); if err != nil { return err }; _, err = w.Write(out); return err", rich), "json.html")
scenario("json.Encoder", "go: json.NewEncoder(w).Encode(json.RawMessage(body))", rich,
         golang("return json.NewEncoder(w).Encode(json.RawMessage(body))", rich), "json.html")
go_map = "var v map[string]any; if err := json.Unmarshal(body, &v); err != nil { return err }; out, err := json.Marshal(v); if err != nil { return err }; _, err = w.Write(out); return err"
scenario("json.Marshal of a map", "go: json.Marshal(map[string]any)", rich, golang(go_map, rich.replace(b"1640995200", b"1640995")).replace(b"1640995", b"1640995200"),
         "json.key-order+json.html", **SAMPLES)
scenario("white space by hand", "perl -pe 's/,/ ,/g'", plain, run("perl -pe 's/,\"/ ,\"/g'", plain), "json.whitespace")
scenario("numbers of a decimal library", "node signs JSON.stringify(JSON.parse(body))", node("JSON.stringify(JSON.parse(body))", numbers), numbers, "json.numbers")
integers = plain.replace(b'"category":"education"', b'"category":"education","10":"b","9":"a"')
scenario("integer keys", "node signs JSON.stringify(JSON.parse(body))", node("JSON.stringify(JSON.parse(body))", integers), integers, "json.integer-keys")
both = numbers.replace(b'"category":"education"', b'"category":"education","10":"b","9":"a"')
scenario("integer keys and numbers, spaced", "node signs JSON.stringify(JSON.parse(body))", node("JSON.stringify(JSON.parse(body))", both.replace(b'",', b'", ')),
         both.replace(b'",', b'", '), "json.stringified")
double = plain.replace(b'{"id"', b'{"type":"old","id"')
scenario("duplicate keys", "node signs JSON.stringify(JSON.parse(body))", node("JSON.stringify(JSON.parse(body))", double), double, "json.duplicate-keys")
scenario("signed with sorted keys", "python3 signs json.dumps(sort_keys=True)", python(expression_sorted := "json.dumps(json.loads(body), sort_keys=True, separators=(',', ':'))", plain), plain, "json.keys-sorted")

# Line ends.
scenario("echo", "echo \"$body\"", plain, run('body=$(cat); echo "$body"', plain), "body.newline-added")
scenario("a Windows editor's last line", "printf '%s\\r\\n'", plain, run("body=$(cat); printf '%s\\r\\n' \"$body\"", plain), "body.newline-added")
scenario("git autocrlf", "git -c core.autocrlf=true checkout", pretty, git_autocrlf(pretty), "body.crlf")
scenario("signed on Windows", "tr -d '\\r'", git_autocrlf(pretty), run("tr -d '\\r'", git_autocrlf(pretty)), "body.lf")
scenario("pasted with white space around", "printf ' %s \\n\\n'", plain, b"  " + plain + b" \n\n", "body.space-added")
scenario("curl -d of a pretty file", "curl -d @body", pretty, curl("-d @body", pretty), "body.line-breaks-removed")
scenario("curl -d of a file with a last line feed", "curl -d @body", plain + b"\n", curl("-d @body", plain + b"\n"), "body.newline-removed")
scenario("curl -d of a file with a last CRLF", "curl -d @body", plain + b"\r\n", curl("-d @body", plain + b"\r\n"), "body.newline-removed")
scenario("$(cat body)", 'printf %s "$(cat)"', plain + b"\n", run('printf %s "$(cat)"', plain + b"\n"), "body.newline-removed")
scenario("curl --data-binary", "curl --data-binary @body", pretty, curl("--data-binary @body", pretty), "valid")
crooked = run("jq . | perl -pe 's/^ +/ /'", plain)
scenario("signed what curl -d sends, captured the file", "tr -d '\\n' signs", run("tr -d '\\n'", crooked), crooked, "body.line-breaks-kept")

# Characters.
scenario("PowerShell >", "iconv -t UTF-16 with BOM, CRLF at the end", wide, b"\xff\xfe" + run("iconv -f UTF-8 -t UTF-16LE", wide + b"\r\n"), "text.utf16")
scenario("UTF-16 without mark", "iconv -t UTF-16LE", wide, run("iconv -f UTF-8 -t UTF-16LE", wide), "text.utf16")
scenario("UTF-16 big-endian", "iconv -t UTF-16BE", wide, b"\xfe\xff" + run("iconv -f UTF-8 -t UTF-16BE", wide), "text.utf16")
scenario("signed as UTF-16", "iconv -t UTF-16LE signs", run("iconv -f UTF-8 -t UTF-16LE", wide), wide, "text.utf16-signed")
scenario("byte order mark", "printf '\\xef\\xbb\\xbf'", rich, run("printf '\\xef\\xbb\\xbf'; cat", rich), "text.bom-added")
scenario("byte order mark stripped by TextDecoder", "node: new TextDecoder().decode", b"\xef\xbb\xbf" + rich,
         node("new TextDecoder().decode(Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]))", rich), "text.bom-removed")
scenario("mojibake through Latin-1", "iconv -f LATIN1 -t UTF-8", rich, run("iconv -f LATIN1 -t UTF-8", rich), "text.mojibake")
scenario("mojibake through Windows-1252", "python3: body.decode('cp1252')", typographic.replace("”".encode(), b""),
         python("body.decode('cp1252')", typographic.replace("”".encode(), b"")), "text.mojibake")
scenario("mojibake of a browser", "node: new TextDecoder('windows-1252').decode", typographic,
         node("new TextDecoder('windows-1252').decode(Buffer.from(body))", typographic), "text.mojibake")
scenario("signed mojibake", "iconv -f LATIN1 -t UTF-8 signs", run("iconv -f LATIN1 -t UTF-8", rich), rich, "text.mojibake-signed")
scenario("turned into Latin-1", "iconv -t LATIN1", rich, run("iconv -f UTF-8 -t LATIN1", rich), "text.latin1")
scenario("turned into Windows-1252", "iconv -t CP1252", typographic, run("iconv -f UTF-8 -t CP1252", typographic), "text.latin1")
scenario("signed in Latin-1", "node: Buffer.from(body, 'latin1') signs", run("iconv -f UTF-8 -t LATIN1", rich), rich, "text.latin1-signed")
scenario("decomposed", "python3: unicodedata.normalize('NFD')", rich, python("unicodedata.normalize('NFD', body.decode())", rich), "text.nfd")
scenario("composed", "python3: unicodedata.normalize('NFC')", python("unicodedata.normalize('NFD', body.decode())", rich), rich, "text.nfc")

# Wrappings.
scenario("base64 of a gateway", "base64 -w0", rich, run("base64 -w0", rich), "wrap.base64")
scenario("base64 in lines", "base64", rich, run("base64", rich), "wrap.base64")
scenario("signed as base64", "base64 -w0 signs", run("base64 -w0", rich), rich, "wrap.base64-signed")
scenario("a JSON string of it", "node: JSON.stringify(body)", rich, node("JSON.stringify(body)", rich), "wrap.string")
scenario("signed as a JSON string", "node: JSON.stringify(body) signs", node("JSON.stringify(body)", rich), rich, "wrap.string-signed")
scenario("encodeURIComponent", "node: encodeURIComponent(body)", rich, node("encodeURIComponent(body)", rich), "wrap.url")
scenario("a form parser's view", "node: new URLSearchParams([[body, '']])", rich, node("new URLSearchParams([[body, '']])", rich), "wrap.url")
scenario("curl --data-urlencode", "curl --data-urlencode @body", plain, curl("--data-urlencode @body", plain), "wrap.url")
scenario("curl --data-urlencode with a name", "curl --data-urlencode payload@body", plain, curl("--data-urlencode payload@body", plain), "wrap.form")
scenario("signed percent-encoded", "node: encodeURIComponent(body) signs", node("encodeURIComponent(body)", rich), rich, "wrap.url-signed")
scenario("gzip", "gzip -nc", rich, run("gzip -nc", rich), "wrap.gzip")
scenario("deflate", "python3: zlib.compress", rich, python("zlib.compress(body)", rich), "wrap.gzip")
scenario("JSON.stringify of a Buffer", "node: JSON.stringify(Buffer.from(body))", rich, node("JSON.stringify(Buffer.from(body))", rich), "wrap.buffer")
scenario("the event of a function", "node: JSON.stringify({version, body, isBase64Encoded: false})", rich,
         node("JSON.stringify({version: '2.0', body, isBase64Encoded: false})", rich), "wrap.event")
scenario("the event of a function in base64", "node: JSON.stringify({version, body, isBase64Encoded: true})", rich,
         node("JSON.stringify({version: '2.0', body: Buffer.from(body).toString('base64'), isBase64Encoded: true})", rich), "wrap.event")
scenario("the parsed body of a function's event", "node: JSON.stringify({version, body: JSON.parse(body)})", rich,
         node("JSON.stringify({version: '2.0', body: JSON.parse(body)})", rich), "wrap.event")
scenario("a bytes literal copied from a log", "python3: print(body)", rich, python("repr(body)", rich), "wrap.python")
scenario("an f-string of bytes", "python3: f'{t}.{body}' signs", python("f'{body}'", rich), rich, "wrap.python-signed")
scenario("escaped quotes copied from a log", "node: JSON.stringify(body).slice(1, -1)", rich, node("JSON.stringify(body).slice(1, -1)", rich), "wrap.escaped")
scenario("single quotes of a command prompt", "printf \"'%s'\"", plain, run("printf \"'%s'\" \"$(cat)\"", plain), "wrap.quotes")
scenario("chunks left in", "curl -H 'Transfer-Encoding: chunked' --data-binary @body, dumped", plain, chunked(plain), "wrap.chunked")
scenario("the space of a URL", "python3: urllib.parse.unquote_plus signs", python("__import__('urllib.parse', fromlist=['parse']).unquote_plus(body.decode())", plain.replace(b"Web 101", b"Web+101")),
         plain.replace(b"Web 101", b"Web+101"), "wrap.url-partly")
scenario("[object Object]", "node: `${JSON.parse(body)}` signs", node("`${JSON.parse(body)}`", plain), plain, "body.replaced")
scenario("nothing signed", "node: '' signs", b"", plain, "body.replaced")

# Secrets.
def held(value, *others):
    return [("current", value), *others]


for name, value, expect in [
    ("a secret with a line break", SECRET + "\n", "secret.space"),
    ("a secret with quotes", '"' + SECRET + '"', "secret.quotes"),
    ("a line of a .env file", "POCKETBOOK_WEBHOOK_SECRET=" + SECRET, "secret.name"),
    ("an export line with quotes", "export SECRET='" + SECRET + "'", "secret.name+secret.quotes"),
    ("a secret without its prefix", SECRET.removeprefix("whsec_"), "secret.prefix-missing"),
    ("a line of YAML", "webhook_secret: " + SECRET + " # live", "secret.surrounded"),
    ("the base64 of the secret", base64.b64encode(SECRET.encode()).decode(), "secret.encoded"),
]:
    scenario(name, "held: damaged by hand", plain, plain, expect, secrets=held(value))
odd = "whsec_a+b/c="
scenario("a percent-encoded secret", "node: encodeURIComponent(secret)", plain, plain, "secret.url-encoded",
         headers=[header(plain, odd)], secrets=held(node("encodeURIComponent(body)", odd.encode()).decode()))
hexed = "whsec_" + hashlib.sha256(b"secret").hexdigest()
for name, key, secrets, expect in [
    ("signed without the prefix", SECRET.removeprefix("whsec_"), held(SECRET), "secret.prefix-cut"),
    ("signed with the file's line break", SECRET + "\n", held(SECRET), "secret.newline"),
    ("signed as Standard Webhooks does", base64.b64decode(SECRET.removeprefix("whsec_") + "=="), held(SECRET), "secret.base64"),
    ("signed with the decoded hex", bytes.fromhex(hexed.removeprefix("whsec_")), held(hexed), "secret.hex"),
    ("signed with the previous secret", OLD, held(SECRET, ("previous", OLD)), "secret.previous"),
    ("signed with the live secret", LIVE, held(SECRET, ("profile live", LIVE)), "secret.other"),
    ("signed with the empty key", "", held(SECRET), "secret.empty"),
    ("signed with the text undefined", "undefined", held(SECRET), "secret.unset"),
    ("signed with the guide's placeholder", "your_webhook_secret", held(SECRET), "secret.placeholder"),
]:
    scenario(name, "python3: hmac", plain, plain, expect, headers=[header(plain, key)], secrets=secrets)

# Time.
MS = T + "123"
scenario("milliseconds", "node: Date.now()", plain, plain, "time.milliseconds", headers=[header(plain, t=MS)])
scenario("milliseconds in the header alone", "node: Date.now()", plain, plain, "time.milliseconds", headers=["t=%s,v1=%s" % (MS, mac(plain).hexdigest())])
scenario("milliseconds in the signature alone", "node: Date.now()", plain, plain, "time.milliseconds", headers=["t=%s,v1=%s" % (T, mac(plain, t=T + "000").hexdigest())])
scenario("a fraction", "python3: time.time()", plain, plain, "time.form", headers=[header(plain, t=T + ".123456")])
scenario("a fraction in the header alone", "python3: time.time()", plain, plain, "time.fraction", headers=["t=%s.5,v1=%s" % (T, mac(plain).hexdigest())])
scenario("a date in the header alone", "date -u", plain, plain, "time.date", headers=["t=2023-11-14T22:13:20Z,v1=" + mac(plain).hexdigest()])
scenario("two readings of the clock", "time.time() twice", plain, plain, "time.two-readings", headers=["t=1700000001,v1=" + mac(plain).hexdigest()])

# Layout and algorithm.
for name, message, expect in [
    ("the body alone", plain, "layout.body-only"),
    ("the body first", plain + b"." + T.encode(), "layout.body-first"),
    ("no full stop", T.encode() + plain, "layout.no-dot"),
    ("a colon", T.encode() + b":" + plain, "layout.separator"),
    ("a line feed", T.encode() + b"\n" + plain, "layout.separator"),
]:
    scenario(name, "python3: hmac", plain, plain, expect, headers=["t=%s,v1=%s" % (T, mac(plain, message=message).hexdigest())])
message = T.encode() + b"." + plain
scenario("swapped arguments", "python3: hmac", plain, plain, "layout.swapped", headers=["t=%s,v1=%s" % (T, hmac.new(message, SECRET.encode(), "sha256").hexdigest())])
scenario("sha256sum", "sha256sum", plain, plain, "layout.plain-hash", headers=["t=%s,v1=%s" % (T, run("sha256sum", message).decode().split()[0])])
scenario("sha256sum of the secret too", "sha256sum", plain, plain, "layout.plain-hash",
         headers=["t=%s,v1=%s" % (T, run("sha256sum", SECRET.encode() + message).decode().split()[0])])
scenario("SHA-1", "python3: hmac", plain, plain, "layout.sha1", headers=["t=%s,v1=%s" % (T, mac(plain, algorithm="sha1").hexdigest())])
scenario("SHA-512", "python3: hmac", plain, plain, "layout.sha512", headers=["t=%s,v1=%s" % (T, mac(plain, algorithm="sha512").hexdigest())])

# Spelling of the header.
good = mac(plain)
for name, value, expect in [
    ("base64", "t=%s,v1=%s" % (T, base64.b64encode(good.digest()).decode()), "header.base64"),
    ("base64url", "t=%s,v1=%s" % (T, base64.urlsafe_b64encode(good.digest()).decode().rstrip("=")), "header.base64"),
    ("base64 of the hex", "t=%s,v1=%s" % (T, base64.b64encode(good.hexdigest().encode()).decode()), "header.base64"),
    ("upper case", "t=%s,v1=%s" % (T, good.hexdigest().upper()), "header.uppercase"),
    ("a prefix", "t=%s,v1=sha256=%s" % (T, good.hexdigest()), "header.prefix"),
    ("quotes", 't=%s,v1="%s"' % (T, good.hexdigest()), "header.quotes"),
    ("quotes around all", '"%s"' % header(plain), "header.quotes"),
    ("another scheme", "t=%s,v0=%s" % (T, good.hexdigest()), "header.scheme"),
    ("semicolons", "t=%s;v1=%s" % (T, good.hexdigest()), "header.separator"),
    ("its own name", "X-Webhook-Signature: " + header(plain), "header.name"),
    ("two deliveries in one", header(b"{}", t="1699999990") + ", " + header(plain), "header.merged"),
]:
    scenario("header: " + name, "python3: hmac", plain, plain, expect, headers=[value])
scenario("header: as GitHub writes it", "python3: hmac", plain, plain, "layout.body-only+header.prefix",
         headers=["sha256=" + mac(plain, message=plain).hexdigest()])

# Two at once.
scenario("PowerShell > of a pretty body", "jq . | iconv -t UTF-16LE", plain, b"\xff\xfe" + run("jq . | perl -pe 's/\\n/\\r\\n/' | iconv -f UTF-8 -t UTF-16LE", plain),
         "json.indented+text.utf16")
scenario("the previous secret and a line break", "echo", plain, plain + b"\n", "secret.previous+body.newline-added",
         headers=[header(plain, OLD)], secrets=held(SECRET, ("previous", OLD)))
scenario("quotes around the secret and jq", "jq .", plain, pretty, "secret.quotes+json.indented", secrets=held("'" + SECRET + "'"))
scenario("no t and curl -d", "curl -d @body", pretty, curl("-d @body", pretty), "layout.body-only+body.line-breaks-removed",
         headers=["t=%s,v1=%s" % (T, mac(pretty, message=pretty).hexdigest())])
scenario("byte order mark and last line", "printf '\\xef\\xbb\\xbf'; echo", rich, b"\xef\xbb\xbf" + rich + b"\n", "text.bom-added+body.newline-added")
scenario("a gateway's base64 of json.dumps", "python3 | base64", wide, run("base64 -w0", python("json.dumps(json.loads(body))", wide)), "json.python+wrap.base64")
scenario("milliseconds and a line break", "node: Date.now(); echo", plain, plain + b"\n", "time.milliseconds+body.newline-added", headers=[header(plain, t=MS)])

# Not provable, but likely.
UNKNOWN = held("whsec_another")
scenario("another secret", "none", plain, plain, "", secrets=UNKNOWN, likely=["body.no-trace"])
scenario("number forms lost", "node: JSON.stringify(JSON.parse(body))", numbers, node("JSON.stringify(JSON.parse(body))", numbers), "", likely=["body.no-trace"])
scenario("cut off", "head -c 200", plain, run("head -c 200", plain), "", likely=["body.truncated"])
scenario("cut off, with its length", "head -c 200", plain, run("head -c 200", plain), "", likely=["body.truncated"], contentLength=str(len(plain)))
scenario("altered after arrival", "perl -pe s/Achievement/Award/", plain, run("perl -pe s/Achievement/Award/", plain), "", likely=["body.length"], contentLength=str(len(plain)))
scenario("an API key for a secret", "none", plain, plain, "", secrets=held("sk_live_0123456789"), likely=["secret.api-key"])
scenario("a JWT for a secret", "none", plain, plain, "", secrets=held("eyJhbGciOiJIUzI1NiJ9.e30.x"), likely=["secret.jwt"])
scenario("a redacted secret", "none", plain, plain, "", secrets=held("whsec_dGhl***"), likely=["secret.redacted"])
scenario("a shortened header", "none", plain, plain, "", headers=[header(plain)[:30] + "..."], likely=["header.redacted"])
scenario("a header cut off", "none", plain, plain, "", headers=[header(plain)[:60]], likely=["header.truncated"])
scenario("characters lost", "node: Buffer.from(body, 'latin1').toString()", run("iconv -f UTF-8 -t LATIN1", rich),
         node("Buffer.from(body, 'latin1').toString()", rich), "", likely=["body.replaced-characters"])
scenario("two header lines of other deliveries", "none", plain, plain, "", headers=[header(rich), header(wide)], likely=["header.merged"])
scenario("three days old", "none", plain, plain, "valid", likely=["time.old-capture"], now=NOW + 3 * 86400 + 777, arrived=NOW)
scenario("a clock ten minutes behind", "none", plain, plain, "valid", likely=["time.clock-skew"], arrived=int(T) - 600, date="Tue, 14 Nov 2023 22:13:20 GMT")
scenario("local time for UTC", "none", plain, plain, "valid", likely=["time.timezone"], arrived=int(T) + 7200 + 2, date="Wed, 15 Nov 2023 00:13:21 GMT")
scenario("tampered, indented", "jq '.data.owner = \"0xattacker\"'", plain, run("jq '.data.owner = \"0xattacker\"'", plain), "", likely=["body.reserialised"])
scenario("another delivery's header", "none", pretty, python("json.dumps(json.loads(body))", rich), "", likely=["body.reserialised"])

print("%d scenarios" % count, file=sys.stderr)
