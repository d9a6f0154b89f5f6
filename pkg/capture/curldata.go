package capture

import "strings"

// addData joins the data of one option to that of those before it. Only -d strips line breaks, and only those of a file;
// --data-raw takes "@" literally; --json joins without "&".
func (t *curlTransfer) addData(option, value string) error {
	var data []byte
	var err error
	switch {
	case option == "data-urlencode":
		data, err = t.encoded(value)
	case option != "data-raw" && strings.HasPrefix(value, "@"):
		data, err = t.content(value[1:])
		if option == "data" || option == "data-ascii" {
			data = withoutLineBreaks(data)
		}
	default:
		data = []byte(value)
	}
	if err != nil {
		return err
	}
	if t.hasData && option != "json" {
		t.data = append(t.data, '&')
	}
	t.data = append(t.data, data...)
	t.hasData = true
	t.json = t.json || option == "json"
	if t.data == nil {
		t.data = []byte{}
	}
	return nil
}

func withoutLineBreaks(data []byte) []byte {
	kept := make([]byte, 0, len(data))
	for _, c := range data {
		if c != '\r' && c != '\n' && c != 0 {
			kept = append(kept, c)
		}
	}
	return kept
}

// encoded follows --data-urlencode: "text", "=text", "name=text", "@file" and "name@file".
func (t *curlTransfer) encoded(value string) ([]byte, error) {
	at := strings.IndexAny(value, "=@")
	if at < 0 {
		return formEncoded(nil, value), nil
	}
	content := value[at+1:]
	if value[at] == '@' {
		file, err := t.content(content)
		if err != nil {
			return nil, err
		}
		content = string(file)
	}
	var name []byte
	if at > 0 {
		name = []byte(value[:at] + "=")
	}
	return formEncoded(name, content), nil
}

func formEncoded(to []byte, text string) []byte {
	const digits = "0123456789ABCDEF"
	for i := range len(text) {
		switch c := text[i]; {
		case isLetter(c) || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0:
			to = append(to, c)
		case c == ' ':
			to = append(to, '+')
		default:
			to = append(to, '%', digits[c>>4], digits[c&15])
		}
	}
	return to
}

// addQuery follows --url-query: as --data-urlencode, or literally after "+".
func (t *curlTransfer) addQuery(value string) error {
	if literal, ok := strings.CutPrefix(value, "+"); ok {
		t.query = append(t.query, literal)
		return nil
	}
	encoded, err := t.encoded(value)
	t.query = append(t.query, string(encoded))
	return err
}
