package forensics

import "bytes"

const (
	hintNewline    = "write the file with printf '%s', or take the raw bytes of the request: editors and echo add a line break"
	hintDataFile   = "send it with curl --data-binary @file: -d @file and $(cat file) strip line breaks"
	hintBufferSize = "use only as many bytes of the buffer as were read: it was handed on whole"
	hintCRLF       = "mark captures as binary (* -text in .gitattributes): git's autocrlf and Windows editors change line ends"
)

// lineRewrites undo what happens to line ends and outer white space.
func lineRewrites() []rewrite {
	added := fixed("body.newline-added", "a line break was added at the end of the body after it was signed", hintNewline)
	removed := fixed("body.newline-removed", "the body was signed with a line break at its end, which is gone", hintDataFile)
	return []rewrite{
		trimmed("without the last line feed", func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\n")) }, added),
		trimmed("without the last CRLF", func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\r\n")) }, added),
		suffixed("with a line feed", "\n", removed),
		suffixed("with a CRLF", "\r\n", removed),
		suffixed("with a CR", "\r", removed),
		suffixed("with two line feeds", "\n\n", fixed("body.newline-removed", "the body was signed with two line breaks at its end, which are gone", hintDataFile)),
		bytesRewrite("with LF for CRLF", func(dst, b []byte) []byte {
			return append(dst, bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))...)
		}, fixed("body.crlf", "line ends were turned from LF into CRLF after signing", hintCRLF)),
		bytesRewrite("with CRLF for LF", func(dst, b []byte) []byte {
			b = bytes.ReplaceAll(b, []byte("\r\n"), []byte("\n"))
			return append(dst, bytes.ReplaceAll(b, []byte("\n"), []byte("\r\n"))...)
		}, fixed("body.lf", "line ends were turned from CRLF into LF after signing", hintCRLF)),
		trimmed("without outer NUL bytes", func(b []byte) []byte { return bytes.Trim(b, "\x00") },
			fixed("body.nul-padded", "NUL bytes were added around the body after it was signed", hintBufferSize)),
		trimmed("without the end-of-file mark of DOS", func(b []byte) []byte { return bytes.TrimSuffix(b, []byte("\x1a")) },
			fixed("body.dos-end", "a control-Z, the end-of-file mark of DOS, was added after the body was signed", hintNewline)),
		trimmed("without outer white space", func(b []byte) []byte { return bytes.Trim(b, " \t\r\n\v\f\u00a0") },
			fixed("body.space-added", "white space was added around the body after it was signed", hintNewline)),
		bytesRewrite("without any line break", withoutLineBreaks,
			fixed("body.line-breaks-kept", "the body was signed without the line breaks that it has", hintDataFile)),
	}
}
