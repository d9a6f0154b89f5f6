package event

import (
	"strconv"
	"time"
)

// Expiry is when a voucher expires. The guide writes it as text, unlike every other time: unix seconds, "1672531200".
type Expiry string

// Time returns the moment in UTC, or an error from strconv for text that is no decimal number.
func (e Expiry) Time() (time.Time, error) {
	seconds, err := strconv.ParseInt(string(e), 10, 64)
	if err != nil {
		return time.Time{}, err
	}
	return time.Unix(seconds, 0).UTC(), nil
}
