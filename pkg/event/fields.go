package event

import (
	"reflect"
	"strings"
	"sync"
)

// namedField is a field of a struct that a member of an object fills.
type namedField struct {
	name  string
	index int
}

// eventFields has the fields of every payload, whose tags would be read at each event otherwise.
//
//nolint:gochecknoglobals // a constant that Go cannot write as one
var eventFields = sync.OnceValue(func() map[reflect.Type][]namedField {
	fields := map[reflect.Type][]namedField{}
	for _, t := range Types() {
		payload := reflect.TypeOf(t.newData()).Elem()
		fields[payload] = fieldsOf(payload)
	}
	return fields
})

func fieldsOf(structure reflect.Type) []namedField {
	var fields []namedField
	for i := range structure.NumField() {
		field := structure.Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		if name != "" && name != "-" && field.IsExported() {
			fields = append(fields, namedField{name, i})
		}
	}
	return fields
}
