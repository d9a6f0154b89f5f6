package capture

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/tidwall/gjson"
)

func TestRedactABody(t *testing.T) {
	for name, tt := range map[string]struct {
		body, want string
		found      Redacted
	}{
		"a voucher as the guide shows it": {
			body:  `{"id":"evt_1234567894","data":{"referenceNumber":"PB-ABC123","metadata":{"recipientEmail":"user@example.com","recipientName":"John Doe"}}}`,
			want:  `{"id":"evt_1234567894","data":{"referenceNumber":"PB-ABC123","metadata":{"recipientEmail":"redacted@example.com","recipientName":"Redacted Name"}}}`,
			found: Redacted{Emails: 1, Names: 1},
		},
		"the title of a certificate stays": {
			body: `{"data":{"certificateId":"507f1f77bcf86cd799439011","name":"Achievement Certificate","tokenId":"123456","owner":"0x1234567890123456789012345678901234567890"}}`,
			want: `{"data":{"certificateId":"507f1f77bcf86cd799439011","name":"Achievement Certificate","tokenId":"123456","owner":"0x1234567890123456789012345678901234567890"}}`,
		},
		"spacing, order and number forms stay": {
			body:  "{\n\t\"n\" : 1.50e+3 ,\r\n \"email\" :  \"a@b.co\" , \"z\":[ 1,2 ] }\n",
			want:  "{\n\t\"n\" : 1.50e+3 ,\r\n \"email\" :  \"redacted@example.com\" , \"z\":[ 1,2 ] }\n",
			found: Redacted{Emails: 1},
		},
		"escapes of what stays are kept, and none hides an address": {
			body:  `{"a":"caf\u00e9 \/","b":"write to user\u0040example.com"}`,
			want:  `{"a":"caf\u00e9 \/","b":"write to redacted@example.com"}`,
			found: Redacted{Emails: 1},
		},
		"secrets and tokens by the name of their field": {
			body:  `{"secret":"x","apiKey":"y","access_token":"z","password":12345,"session":{"id":"s","n":[7,null,true]},"token":null,"tokenURI":"ipfs://Qm"}`,
			want:  `{"secret":"redacted","apiKey":"redacted","access_token":"redacted","password":0,"session":{"id":"redacted","n":[0,null,true]},"token":null,"tokenURI":"ipfs://Qm"}`,
			found: Redacted{Secrets: 3, Tokens: 3},
		},
		"secrets and tokens by their shape": {
			body:  `["use whsec_1234567890abcdef","Bearer abcdefgh123","eyJhbGciOi.eyJzdWIiOi.c2ln","sk_live_0123456789"]`,
			want:  `["use whsec_redacted","Bearer redacted","redacted","redacted"]`,
			found: Redacted{Secrets: 2, Tokens: 2},
		},
		"an attribute names its value beside it": {
			body:  `{"attributes":[{"trait_type":"Course","value":"Web 101"},{"value":"Jane Roe","trait_type":"Student Name"},{"trait_type":"Recipient","value":"Jo"}]}`,
			want:  `{"attributes":[{"trait_type":"Course","value":"Web 101"},{"value":"Redacted Name","trait_type":"Student Name"},{"trait_type":"Recipient","value":"Redacted Name"}]}`,
			found: Redacted{Names: 2},
		},
		"a name under a person": {
			body:  `{"recipient":{"name":"Ada"},"owners":[{"name":"Bo"}],"course":{"name":"Go"}}`,
			want:  `{"recipient":{"name":"Redacted Name"},"owners":[{"name":"Redacted Name"}],"course":{"name":"Go"}}`,
			found: Redacted{Names: 2},
		},
		"an address as a key": {
			body:  `{"user@example.com":1}`,
			want:  `{"redacted@example.com":1}`,
			found: Redacted{Emails: 1},
		},
		"a form": {
			body:  `email=user%40example.com&token=abc&course=Go+101`,
			want:  `email=redacted%40example.com&token=redacted&course=Go+101`,
			found: Redacted{Emails: 1, Tokens: 1},
		},
		"other text, by shape alone": {
			body:  "not JSON {user@example.com, whsec_abc}\xff",
			want:  "not JSON {redacted@example.com, whsec_redacted}\xff",
			found: Redacted{Emails: 1, Secrets: 1, Unseen: 1},
		},
		"addresses that touch": {
			body:  "a@b.co_c@d.example, e@f.co@g.example",
			want:  "redacted@example.com, redacted@example.com",
			found: Redacted{Emails: 2},
		},
		"a form but for a stray byte": {
			body:  "b&token=\xff[1&token=[2",
			want:  "b&token=redacted&token=redacted",
			found: Redacted{Tokens: 3, Unseen: 1},
		},
		"JSON that was cut off": {
			body:  `{"data":{"recipientName":"John Doe","token":"abc","course":"Go","studentName":"Jo Ro`,
			want:  `{"data":{"recipientName":"Redacted Name","token":"redacted","course":"Go","studentName":"Redacted Name`,
			found: Redacted{Names: 2, Tokens: 1, Unseen: 1},
		},
		"JSON within a string": {
			body:  `{"payload":"{\"recipientName\": \"John Doe\"}"}`,
			want:  `{"payload":"{\"recipientName\": \"Redacted Name\"}"}`,
			found: Redacted{Names: 1},
		},
		"a link": {
			body:  `{"claimUrl":"https://pocketbook.studio/claim/1?token=abc&a=1","text":"see https://a.b/?sig=x#frag."}`,
			want:  `{"claimUrl":"https://pocketbook.studio/claim/1?token=redacted&a=1","text":"see https://a.b/?sig=redacted#redacted"}`,
			found: Redacted{Tokens: 3},
		},
		"names, however their fields are written": {
			body:  `{"RECIPIENTNAME":"A","names":["B"],"recipientName":{"first":"C","language":"de"},"user":{"\u006eame":"D"}}`,
			want:  `{"RECIPIENTNAME":"Redacted Name","names":["Redacted Name"],"recipientName":{"first":"Redacted Name","language":"de"},"user":{"\u006eame":"Redacted Name"}}`,
			found: Redacted{Names: 4},
		},
		"a name in a form": {
			body:  `name=Ada+L&course=Go`,
			want:  `name=Redacted+Name&course=Go`,
			found: Redacted{Names: 1},
		},
		"an assignment and an escaped address in text": {
			body:  `login with password=hunter2, or write to alice%40example.com`,
			want:  `login with password=redacted, or write to redacted@example.com`,
			found: Redacted{Secrets: 1, Emails: 1},
		},
		"gzip":   {body: "\x1f\x8b\x08\x00", want: "\x1f\x8b\x08\x00", found: Redacted{Unseen: 1}},
		"UTF-16": {body: "{\x00}\x00", want: "{\x00}\x00", found: Redacted{Unseen: 1}},
		"base64": {
			body: "eyJyZWNpcGllbnROYW1lIjoiSm9obiBEb2UifQ==", want: "eyJyZWNpcGllbnROYW1lIjoiSm9obiBEb2UifQ==",
			found: Redacted{Unseen: 1},
		},
		"what lies too deep to look at": {
			body:  strings.Repeat("[", 70) + `"user@example.com"` + strings.Repeat("]", 70),
			want:  strings.Repeat("[", 64) + `"redacted"` + strings.Repeat("]", 64),
			found: Redacted{Tokens: 1},
		},
		"a bare string":        {body: ` "user@example.com" `, want: ` "redacted@example.com" `, found: Redacted{Emails: 1}},
		"a body without bytes": {},
	} {
		t.Run(name, func(t *testing.T) {
			got, found := Redact(Request{Body: []byte(tt.body)})
			if diff := cmp.Diff(tt.want, string(got.Body)); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff(tt.found, found); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestABodyInAContentCodingIsNotLookedInto(t *testing.T) {
	for coding, want := range map[string]int{"br": 1, "identity": 0, "": 0} {
		request := Request{Header: []Field{{"Content-Encoding", coding}}, Body: []byte("a b")}
		if _, found := Redact(request); found.Unseen != want || found.Total() != 0 {
			t.Errorf("%q: found %+v", coding, found)
		}
	}
}

func TestRedactTheHead(t *testing.T) {
	request := Request{
		Method: "POST",
		URL:    "https://user:pass@example.com/hooks/whsec_abc?token=t&a=%20b&to=a%40b.co#access_token=x",
		Header: []Field{
			{"Content-Length", "18"},
			{"X-Webhook-Signature", "t=1700000000, v1=0a1b,v1=FF"},
			{"authorization", "Bearer abc"},
			{"Cookie", "sid=1; theme=dark"},
			{"X-Api-Key", "k"},
			{"X-Auth-Token", "k"},
			{"X-Client-Secret", "k"},
			{"Referer", "https://a.example/?password=p"},
			{"User-Agent", "bot (mail@bot.example)"},
			{"X-Request-Id", "1"},
			{"X-User", "Ada"},
			{"Stripe-Signature", "t=1,v1=2"},
			{"X-Hub-Signature-256", "sha256=a"},
			{"Ocp-Apim-Subscription-Key", "k"},
			{"X-Amzn-Oidc-Data", "k"},
		},
		Body: []byte(`{"email":"a@b.co"}`),
	}
	got, found := Redact(request)
	want := Request{
		Method: "POST",
		URL:    "https://redacted@example.com/hooks/whsec_redacted?token=redacted&a=%20b&to=redacted%40example.com#access_token=redacted",
		Header: []Field{
			{"Content-Length", "32"},
			{"X-Webhook-Signature", "t=1700000000, v1=0000,v1=00"},
			{"authorization", "Bearer redacted"},
			{"Cookie", "redacted"},
			{"X-Api-Key", "redacted"},
			{"X-Auth-Token", "redacted"},
			{"X-Client-Secret", "redacted"},
			{"Referer", "https://a.example/?password=redacted"},
			{"User-Agent", "bot (redacted@example.com)"},
			{"X-Request-Id", "1"},
			{"X-User", "Redacted Name"},
			{"Stripe-Signature", "redacted"},
			{"X-Hub-Signature-256", "redacted"},
			{"Ocp-Apim-Subscription-Key", "redacted"},
			{"X-Amzn-Oidc-Data", "redacted"},
		},
		Body: []byte(`{"email":"redacted@example.com"}`),
	}
	if diff := cmp.Diff(want, got, cmp.Transformer("text", func(b []byte) string { return string(b) })); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff(Redacted{Secrets: 6, Tokens: 8, Emails: 3, Names: 1, Signatures: 2}, found); diff != "" {
		t.Error(diff)
	}
	if request.Header[2].Value != "Bearer abc" {
		t.Error("the request that was given has changed")
	}
}

// FuzzRedact keeps two laws: what was taken out is gone for good, and JSON stays the JSON it was but for its values.
func FuzzRedact(f *testing.F) {
	f.Add([]byte(`{"email":"a@b.co","x":["whsec_1",{"trait_type":"Name","value":1}]}`), "https://a/?token=%zz#a@b.c", "Bearer x y", "X-Token")
	f.Add([]byte(`a=1&token=b`), "/a", "t=1,v1=ab,x", "X-Webhook-Signature")
	f.Add([]byte("\xff a@b.co eyJa.b.c"), "", "a b", "Authorization")
	f.Fuzz(func(t *testing.T, body []byte, url, value, name string) {
		once, _ := Redact(Request{URL: url, Header: []Field{{name, value}}, Body: body})
		twice, found := Redact(once)
		if diff := cmp.Diff(once, twice, exactly); diff != "" || found.Total() > 0 {
			t.Fatalf("the second time took out %+v more: %s", found, diff)
		}
		if json.Valid(body) && !json.Valid(once.Body) {
			t.Fatalf("JSON became %q", once.Body)
		}
		const planted = `whsec_planted0123456789`
		again, _ := Redact(Request{Body: []byte(`{"a":` + string(gjson.AppendJSONString(nil, value+" "+planted)) + `}`)})
		if strings.Contains(string(again.Body), planted) {
			t.Fatalf("a secret is still in %q", again.Body)
		}
	})
}
