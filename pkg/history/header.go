package history

import (
	"strings"

	"github.com/pocketbook-studio/pbhook/pkg/capture"
)

// encodeHeader writes one line for each field, as on the wire, so that a search finds what a person would type.
func encodeHeader(name string, header []capture.Field) ([]byte, error) {
	size := 0
	for _, field := range header {
		size += len(field.Name) + len(field.Value) + len(": \n")
	}
	text := make([]byte, 0, size)
	for _, field := range header {
		if strings.Contains(field.Name, ": ") || strings.Contains(field.Name, "\n") || strings.Contains(field.Value, "\n") {
			return nil, &RecordError{name, field.Name, ErrHeaderText}
		}
		text = append(text, field.Name...)
		text = append(text, ": "...)
		text = append(text, field.Value...)
		text = append(text, '\n')
	}
	return text, nil
}

func decodeHeader(text []byte) []capture.Field {
	var header []capture.Field
	for line := range strings.Lines(string(text)) {
		name, value, _ := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		header = append(header, capture.Field{Name: name, Value: value})
	}
	return header
}
