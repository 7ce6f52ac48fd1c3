package config

import (
	"fmt"
	"io"
	"reflect"
	"regexp"
	"strings"
)

// Print writes every field as a line of an environment file, secrets hidden,
// each under a comment that explains it: what `okno config` shows.
func (c *Config) Print(w io.Writer) error {
	v := reflect.ValueOf(*c)
	for i := range v.NumField() {
		f := v.Type().Field(i)
		value := fmt.Sprint(v.Field(i).Interface())
		if list, ok := v.Field(i).Interface().([]string); ok {
			value = strings.Join(list, ",")
		}
		if _, err := fmt.Fprintf(w, "# %s (--%s)\n%s=%s\n\n", f.Tag.Get("help"), flag(f), f.Tag.Get("env"), value); err != nil {
			return fmt.Errorf("print configuration: %w", err)
		}
	}
	return nil
}

// flag is the name of a field's flag: MaxUpload is max-upload where the tag
// says nothing else. A test compares it with what kong accepts.
func flag(f reflect.StructField) string {
	if name := f.Tag.Get("name"); name != "" {
		return name
	}
	return strings.ToLower(words.ReplaceAllString(f.Name, "$1-$2"))
}

var words = regexp.MustCompile(`([a-z])([A-Z])`)
