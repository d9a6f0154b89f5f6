package capture

import "slices"

// Format names a way of writing requests down.
type Format string

// The formats. FormatAuto lets a [Reader] find out by the first bytes.
const (
	FormatAuto   Format = ""
	FormatNDJSON Format = "ndjson"
	FormatHAR    Format = "har"
	FormatHTTP   Format = "http"
	FormatCurl   Format = "curl"
)

// Formats returns every format that can be read and written, without FormatAuto.
func Formats() []Format {
	return []Format{FormatNDJSON, FormatHAR, FormatHTTP, FormatCurl}
}

func (f Format) known() bool { return slices.Contains(Formats(), f) }
