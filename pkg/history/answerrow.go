package history

import (
	"time"
)

// answerRow holds the columns of table answer. The id of the record is part of the seal, so that no answer can pass for
// that of another.
type answerRow struct {
	status, duration int64
	header, body     []byte
	seal             int64
}

const answerColumns = "status, duration, header, body, seal"

func newAnswerRow(id string, answer Answer) (*answerRow, error) {
	header, err := encodeHeader("Answer.Header", answer.Header)
	if err != nil {
		return nil, err
	}
	a := &answerRow{
		status: int64(answer.Status), duration: int64(answer.Duration), header: header, body: append([]byte{}, answer.Body...),
	}
	a.seal = a.sum(id)
	return a, nil
}

func (a *answerRow) sum(id string) int64 { return seal(id, a.status, a.duration, a.header, a.body) }

func (a *answerRow) values(record int64) []any {
	return []any{a.status, a.duration, a.header, a.body, a.seal, record}
}

func (a *answerRow) targets() []any {
	return []any{&a.status, &a.duration, &a.header, &a.body, &a.seal}
}

func (a *answerRow) answer(id string) (Answer, error) {
	if found := a.sum(id); found != a.seal {
		return Answer{}, &sealError{"its answer", found, a.seal}
	}
	return Answer{
		Status: int(a.status), Duration: time.Duration(a.duration), Header: decodeHeader(a.header), Body: a.body,
	}, nil
}
