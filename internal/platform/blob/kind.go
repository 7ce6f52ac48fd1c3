package blob

import (
	"path"
	"slices"
	"strings"
	"unicode"

	"okno/internal/platform/errs"
)

// Kind is one row of the closed list of what is taken.
type Kind struct {
	Code   string   // stored
	MIME   string   // as which it is served
	Exts   []string // the first one is given to a file without an extension
	Inline bool     // shown inside a page (after re-encoding); all others are downloads
	Clean  string   // how others' copy is made: "image" re-encoded, "iso" metadata blanked in place, "" as it is
}

// Ways to make the copy that others see.
const (
	cleanImage = "image"
	cleanISO   = "iso"
)

// Kinds is the closed list of what may be attached.
var Kinds = []Kind{
	{Code: "jpeg", MIME: "image/jpeg", Exts: []string{"jpg", "jpeg", "jpe", "jfif"}, Inline: true, Clean: cleanImage},
	{Code: "png", MIME: "image/png", Exts: []string{"png"}, Inline: true, Clean: cleanImage},
	{Code: "webp", MIME: "image/webp", Exts: []string{"webp"}, Inline: true, Clean: cleanImage},
	{Code: "heic", MIME: "image/heic", Exts: []string{"heic", "heif"}, Clean: cleanISO},
	{Code: "mp4", MIME: "video/mp4", Exts: []string{"mp4", "m4v"}, Clean: cleanISO},
	{Code: "mov", MIME: "video/quicktime", Exts: []string{"mov"}, Clean: cleanISO},
	{Code: "pdf", MIME: "application/pdf", Exts: []string{"pdf"}},
	{Code: "docx", MIME: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", Exts: []string{"docx"}},
	{Code: "xlsx", MIME: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", Exts: []string{"xlsx"}},
	{Code: "odt", MIME: "application/vnd.oasis.opendocument.text", Exts: []string{"odt"}},
	{Code: "ods", MIME: "application/vnd.oasis.opendocument.spreadsheet", Exts: []string{"ods"}},
	{Code: "txt", MIME: "text/plain", Exts: []string{"txt"}},
}

// otherExts are names of kinds that are not taken: a file that bears one is
// not what it says even where its content would be taken.
var otherExts = strings.Fields(`html htm xhtml shtml mht svg svgz xml xsl js mjs css json exe dll com bat cmd ps1 vbs msi scr
	sh py php jar apk app lnk url hta swf doc xls ppt docm xlsm rtf zip rar 7z gz tar iso img gif bmp tif tiff avi mkv webm mp3 eml msg`)

// KindOf finds a kind by its code.
func KindOf(code string) (Kind, bool) {
	i := slices.IndexFunc(Kinds, func(k Kind) bool { return k.Code == code })
	if i < 0 {
		return Kind{}, false
	}
	return Kinds[i], true
}

// Accept is the value of a file input's accept attribute.
func Accept() string {
	var out []string
	for _, k := range Kinds {
		for _, e := range k.Exts {
			out = append(out, "."+e)
		}
	}
	return strings.Join(out, ",")
}

// MaxName is how many characters a file's name may have; longer ones are cut.
const MaxName = 120

// cleanName is the last part of a path, without control and direction
// characters, cut in the middle of what stands before the extension.
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.Map(func(r rune) rune {
		switch {
		case r == unicode.ReplacementChar, unicode.IsControl(r), unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			return -1 // Cf holds the characters that turn the direction of writing: "exe.gpj" shown as "jpg.exe"
		case strings.ContainsRune(`<>:"|?*`, r):
			return '_'
		case unicode.IsSpace(r):
			return ' '
		}
		return r
	}, strings.ToValidUTF8(name, ""))
	name = strings.Trim(name, " .")
	if r := []rune(name); len(r) > MaxName {
		ext := []rune(path.Ext(name))
		if len(ext) > 10 {
			ext = nil
		}
		name = string(r[:MaxName-len(ext)]) + string(ext)
	}
	return name
}

// nameFor gives the name under which a file of the kind is kept: an extension
// of another kind is refused, one that says nothing gets the kind's behind it.
func nameFor(k Kind, name string) (string, error) {
	ext := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	if slices.Contains(k.Exts, ext) {
		return name, nil
	}
	known := slices.Contains(otherExts, ext) ||
		slices.ContainsFunc(Kinds, func(o Kind) bool { return slices.Contains(o.Exts, ext) })
	if known {
		return "", errs.With(errs.UnsupportedType, "blob.mismatch", map[string]any{"Name": name, "Kind": strings.ToUpper(k.Code)})
	}
	if name == "" {
		name = "file"
	}
	return name + "." + k.Exts[0], nil
}

// servedName is the file's name with the extension of what is served.
func servedName(name string, k Kind) string {
	ext := path.Ext(name)
	if slices.Contains(k.Exts, strings.ToLower(strings.TrimPrefix(ext, "."))) {
		return name
	}
	return strings.TrimSuffix(name, ext) + "." + k.Exts[0]
}
