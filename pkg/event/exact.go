package event

import (
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// fill decodes v into target and takes a struct's member only under its exact name: encoding/json would also take "ID"
// for "id", and the later of the two.
func fill(target reflect.Value, v *value) error {
	if done, err := fillKnown(target, v); done {
		return err
	}
	switch kind := target.Kind(); {
	case kind == reflect.Pointer && !v.isNull():
		target.Set(reflect.New(target.Type().Elem()))
		return fill(target.Elem(), v)
	case kind == reflect.Struct && v.shape() == '{':
		return fillStruct(target, v)
	case kind == reflect.Slice && v.shape() == '[':
		return fillSlice(target, v)
	case kind == reflect.Interface && target.NumMethod() == 0 && !v.isNull():
		target.Set(reflect.ValueOf(v.plain()))
		return nil
	}
	return decode(target, v)
}

// fillKnown decodes what every event has without asking encoding/json, which would judge the text once more, and leaves
// to a type's own methods what they are there for. Strings are copied: as a part of the body each would keep all of it.
func fillKnown(target reflect.Value, v *value) (done bool, err error) {
	text, isText := v.string()
	switch into := target.Addr().Interface().(type) {
	case *string:
		if isText {
			*into = strings.Clone(text)
		}
		return isText, nil
	case *Type:
		if isText {
			*into = Type(strings.Clone(text))
		}
		return isText, nil
	case *int64:
		number, err := strconv.ParseInt(v.raw, 10, 64)
		if err == nil {
			*into = number
		}
		return err == nil, nil
	case *int:
		number, err := strconv.Atoi(v.raw)
		if err == nil {
			*into = number
		}
		return err == nil, nil
	case json.Unmarshaler:
		if into.UnmarshalJSON([]byte(v.raw)) != nil {
			return true, misfit(target, v)
		}
		return true, nil
	case encoding.TextUnmarshaler:
		return true, decode(target, v)
	}
	return false, nil
}

func decode(target reflect.Value, v *value) error {
	if json.Unmarshal([]byte(v.raw), target.Addr().Interface()) != nil {
		return misfit(target, v)
	}
	return nil
}

func misfit(target reflect.Value, v *value) error {
	return &BodyError{Expected: wanted(target.Type()), Got: v.String()}
}

func fillStruct(target reflect.Value, v *value) error {
	fields, known := eventFields()[target.Type()]
	if !known {
		fields = fieldsOf(target.Type())
	}
	for _, f := range fields {
		member := v.get(f.name)
		if member == nil {
			continue
		}
		if err := fill(target.Field(f.index), member); err != nil {
			return under(f.name, err)
		}
	}
	return nil
}

func fillSlice(target reflect.Value, v *value) error {
	target.Set(reflect.MakeSlice(target.Type(), len(v.members), len(v.members)))
	for i := range v.members {
		if err := fill(target.Index(i), &v.members[i].value); err != nil {
			return under(strconv.Itoa(i), err)
		}
	}
	return nil
}

// wanted names what a Go type takes in JSON.
func wanted(t reflect.Type) string {
	if t == reflect.TypeFor[time.Time]() {
		return "date-time"
	}
	switch t.Kind() {
	case reflect.Pointer:
		return wanted(t.Elem())
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "boolean"
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Slice:
		return "array"
	case reflect.Struct, reflect.Map:
		return "object"
	default:
		return t.String()
	}
}
