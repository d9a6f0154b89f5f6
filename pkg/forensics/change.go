package forensics

// Dimension is what a [Change] was made to.
type Dimension string

// The dimensions of the search.
const (
	DimensionSecret Dimension = "secret" // which key, and how it was read
	DimensionTime   Dimension = "time"   // t of the header
	DimensionLayout Dimension = "layout" // what the signature is over, and by which algorithm
	DimensionHeader Dimension = "header" // how the signature is written in the header
	DimensionBody   Dimension = "body"   // the bytes of the body
)

// Change is one difference between what was signed and what was received. It holds no part of a secret.
type Change struct {
	ID        string // stable, "body.newline-added"
	Dimension Dimension
	Cause     string // what happened, a clause without a full stop
	Hint      string // what to do about it; may be empty
	Parsed    bool   // the body went through a JSON parser and a serialiser
}
