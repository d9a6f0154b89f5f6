package event

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// fill decodes v into target and takes a struct's member only under its exact name: encoding/json would also take "ID"
// for "id", and the later of the two.
func fill(target reflect.Value, v *value) error {
	if _, itself := target.Addr().Interface().(json.Unmarshaler); !itself {
		switch kind := target.Kind(); {
		case kind == reflect.Pointer && !v.isNull():
			target.Set(reflect.New(target.Type().Elem()))
			return fill(target.Elem(), v)
		case kind == reflect.Struct && v.shape == '{':
			return fillStruct(target, v)
		case kind == reflect.Slice && v.shape == '[':
			return fillSlice(target, v)
		case kind == reflect.Interface && target.NumMethod() == 0 && !v.isNull():
			target.Set(reflect.ValueOf(v.plain()))
			return nil
		}
	}
	if json.Unmarshal(v.raw, target.Addr().Interface()) != nil {
		return &BodyError{Expected: wanted(target.Type()), Got: v.String()}
	}
	return nil
}

func fillStruct(target reflect.Value, v *value) error {
	for i := range target.NumField() {
		field := target.Type().Field(i)
		name, _, _ := strings.Cut(field.Tag.Get("json"), ",")
		member := v.get(name)
		if name == "" || name == "-" || member == nil || !field.IsExported() {
			continue
		}
		if err := fill(target.Field(i), member); err != nil {
			return under(name, err)
		}
	}
	return nil
}

func fillSlice(target reflect.Value, v *value) error {
	target.Set(reflect.MakeSlice(target.Type(), len(v.items), len(v.items)))
	for i := range v.items {
		if err := fill(target.Index(i), &v.items[i]); err != nil {
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
