package capture

import (
	"bufio"
	"errors"
	"io"
	"strings"
)

// curlDecoder reads commands one after another. None of them is run: what feeds curl through a pipe is understood where
// it is literal, and refused where it is not.
type curlDecoder struct {
	source  *bufio.Reader
	options ReaderOptions
	lexer   *shellLexer
	command func() ([]*simpleCommand, error)
	queue   []Request
	ended   bool
}

func newCurlDecoder(source *bufio.Reader, options ReaderOptions) *curlDecoder {
	return &curlDecoder{source: source, options: options}
}

func (d *curlDecoder) next() (Request, error) {
	if d.lexer == nil {
		d.start()
	}
	for len(d.queue) == 0 {
		if d.ended {
			return Request{}, io.EOF
		}
		line := d.lexer.line
		commands, err := d.command()
		if err != nil {
			// Where a broken command ends cannot be told.
			d.ended = true
			return Request{}, at(line, err)
		}
		if d.queue, err = d.requests(commands); err != nil {
			return Request{}, at(line, err)
		}
	}
	request := d.queue[0]
	d.queue = d.queue[1:]
	return request, nil
}

func (d *curlDecoder) start() {
	d.lexer = newShellLexer(d.source, d.options.maxText())
	d.command = d.lexer.pipeline
	if isForCommandPrompt(d.source) {
		d.command = (&cmdLexer{shellLexer: d.lexer}).pipeline
	}
}

func at(line int, err error) error {
	if invalid, ok := errors.AsType[*DecodeError](err); ok {
		return invalid.atLine(line)
	}
	return err
}

// requests follows a pipeline up to curl; what comes after it works on the answer.
func (d *curlDecoder) requests(commands []*simpleCommand) ([]Request, error) {
	var input []byte
	for _, command := range commands {
		words := command.words
		for len(words) > 0 && (words[0] == "$" || words[0] == "%" || isAssignment(words[0])) {
			words = words[1:]
		}
		if len(words) == 0 {
			return nil, nil
		}
		if command.input != nil {
			var err error
			if input, err = d.inputOf(*command.input); err != nil {
				return nil, err
			}
		}
		name := words[0][strings.LastIndexAny(words[0], `/\`)+1:]
		var err error
		switch name {
		case "curl", "curl.exe":
			return d.curl(words[1:], input)
		case "printf":
			input, err = printed(words)
		case "echo":
			input, err = echoed(words)
		case "cat":
			input, err = d.catenated(words[1:], input)
		default:
			err = reject("is no curl command, and %.40q is not run", name).because(ErrNotLiteral)
		}
		if err != nil {
			return nil, err
		}
	}
	return nil, reject("is no curl command")
}

func isAssignment(word string) bool {
	name, _, found := strings.Cut(word, "=")
	for i := range len(name) {
		if c := name[i]; c != '_' && !isLetter(c) && (i == 0 || c < '0' || c > '9') {
			return false
		}
	}
	return found && name != ""
}

func (d *curlDecoder) inputOf(input shellInput) ([]byte, error) {
	if input.file == "" {
		return input.text, nil
	}
	return d.open(input.file)
}

func (d *curlDecoder) catenated(names []string, input []byte) ([]byte, error) {
	if len(names) == 0 {
		return input, nil
	}
	var all []byte
	for _, name := range names {
		content := input
		if name != "-" {
			var err error
			if content, err = d.open(name); err != nil {
				return nil, err
			}
		}
		if all = append(all, content...); len(all) > d.options.MaxBody {
			return nil, tooLarge("what cat gives", d.options.MaxBody)
		}
	}
	return all, nil
}

func (d *curlDecoder) open(name string) ([]byte, error) {
	if d.options.OpenFile == nil {
		return nil, reject("names the file %q, and files are not opened here", name)
	}
	content, err := d.options.OpenFile(name)
	if err != nil {
		return nil, reject("names the file %q: %v", name, err).because(err)
	}
	if len(content) > d.options.MaxBody {
		return nil, tooLarge("the file "+name, d.options.MaxBody)
	}
	return content, nil
}

// curl reads the arguments of one invocation, which --next cuts into several.
func (d *curlDecoder) curl(arguments []string, input []byte) ([]Request, error) {
	var requests []Request
	for len(arguments) > 0 {
		transfer := curlTransfer{open: d.open, input: input}
		rest, err := transfer.parse(arguments)
		if err != nil {
			return nil, err
		}
		made, err := transfer.requests()
		if err != nil {
			return nil, err
		}
		for _, request := range made {
			if len(request.Body) > d.options.MaxBody {
				return nil, tooLarge("the body", d.options.MaxBody)
			}
		}
		requests = append(requests, made...)
		arguments = rest
	}
	if len(requests) == 0 {
		return nil, reject("is a curl command without a URL")
	}
	return requests, nil
}
