package event

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"time"
)

// member is one name and value of a JSON object, in the object's order.
type member struct {
	name  string
	value json.RawMessage
}

// members lists a JSON object; nil for a value that is none, or absent.
func members(object json.RawMessage) ([]member, error) {
	if len(object) == 0 || object[0] != '{' {
		return nil, nil
	}
	dec := json.NewDecoder(bytes.NewReader(object))
	if _, err := dec.Token(); err != nil {
		return nil, err
	}
	var list []member
	for dec.More() {
		name, err := dec.Token()
		if err != nil {
			return nil, err
		}
		m := member{name: name.(string)}
		if err := dec.Decode(&m.value); err != nil {
			return nil, err
		}
		list = append(list, m)
	}
	return list, nil
}

// fill decodes raw into target and takes a struct's member only under its exact name: encoding/json would also take
// "ID" for "id", and the later of the two.
func fill(target reflect.Value, raw json.RawMessage, path string) error {
	switch kind := target.Kind(); {
	case decodesItself(target):
	case kind == reflect.Pointer && string(raw) != "null":
		target.Set(reflect.New(target.Type().Elem()))
		return fill(target.Elem(), raw, path)
	case kind == reflect.Struct && raw[0] == '{':
		return fillStruct(target, raw, path)
	case kind == reflect.Slice && target.Type().Elem().Kind() == reflect.Struct && raw[0] == '[':
		return fillSlice(target, raw, path)
	}
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.UseNumber()
	if dec.Decode(target.Addr().Interface()) != nil {
		return &BodyError{Path: path, Expected: wanted(target.Type()), Got: describeRaw(raw)}
	}
	return nil
}

func fillStruct(target reflect.Value, raw json.RawMessage, path string) error {
	list, err := members(raw)
	if err != nil {
		return err
	}
	for i := range target.NumField() {
		field := target.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		for _, m := range list {
			if m.name != name || !field.IsExported() {
				continue
			}
			if err := fill(target.Field(i), m.value, strings.TrimPrefix(path+"."+name, ".")); err != nil {
				return err
			}
		}
	}
	return nil
}

func fillSlice(target reflect.Value, raw json.RawMessage, path string) error {
	var items []json.RawMessage
	if err := json.Unmarshal(raw, &items); err != nil {
		return err
	}
	target.Set(reflect.MakeSlice(target.Type(), len(items), len(items)))
	for i, item := range items {
		if err := fill(target.Index(i), item, path+".#"); err != nil {
			return err
		}
	}
	return nil
}

func decodesItself(target reflect.Value) bool {
	_, ok := target.Addr().Interface().(json.Unmarshaler)
	return ok
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
	case reflect.Int, reflect.Int64:
		return "integer"
	case reflect.Slice:
		return "array of " + wanted(t.Elem())
	case reflect.Struct, reflect.Map:
		return "object"
	}
	return t.String()
}
