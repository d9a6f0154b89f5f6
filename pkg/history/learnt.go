package history

// learntRows are a Change as SQLite keeps it.
type learntRows struct {
	answer   *answerRow
	forwards []*forwardRow
}

func (c Change) rows(id string) (learntRows, error) {
	var rows learntRows
	if c.Answer != nil {
		answer, err := newAnswerRow(id, *c.Answer)
		if err != nil {
			return rows, err
		}
		rows.answer = answer
	}
	for _, forward := range c.Forwards {
		rows.forwards = append(rows.forwards, newForwardRow(id, forward))
	}
	return rows, nil
}

// rowOverhead is what a row takes beside its texts, in bytes and generously.
const rowOverhead = 512

func (l learntRows) size() int64 {
	size := 0
	if l.answer != nil {
		size += rowOverhead + len(l.answer.header) + len(l.answer.body)
	}
	for _, forward := range l.forwards {
		size += rowOverhead + len(forward.target) + len(forward.error)
	}
	return int64(size)
}

func (r *row) size() int64 {
	return int64(rowOverhead + len(r.url) + len(r.drift) + len(r.eventID) + len(r.header) + len(r.body))
}

func (a Answer) isZero() bool {
	return a.Status == 0 && a.Duration == 0 && len(a.Header) == 0 && len(a.Body) == 0
}
