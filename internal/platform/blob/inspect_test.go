package blob

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"

	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
)

func inspect(b []byte, name string) (Found, error) {
	return Inspect(bytes.NewReader(b), int64(len(b)), name)
}

func TestInspectTakes(t *testing.T) {
	for _, x := range []struct {
		name string
		body []byte
		kind string
		kept string
	}{
		{"яма.JPG", jpegOf(t, 40, 30), "jpeg", "яма.JPG"},
		{"IMG_1.jpeg", withExif(jpegOf(t, 40, 30), 6), "jpeg", "IMG_1.jpeg"},
		{`C:\Фото\двор`, jpegOf(t, 40, 30), "jpeg", "двор.jpg"},
		{"scan.png", pngOf(t, 40, 30), "png", "scan.png"},
		{"a.webp", webp1(t), "webp", "a.webp"},
		{"a.heic", heic(), "heic", "a.heic"},
		{"a.mp4", film("isom"), "mp4", "a.mp4"},
		{"a.MOV", film("qt  "), "mov", "a.MOV"},
		{"акт.2024", []byte(pdf), "pdf", "акт.2024.pdf"},
		{"a.docx", docx(t), "docx", "a.docx"},
		{"a.docx", docx(t, entry{"word/embeddings/a.xlsx", string(zipOf(t, entry{"xl/workbook.xml", "<x/>"}))}), "docx", "a.docx"},
		{"a.xlsx", zipOf(t, entry{"[Content_Types].xml", "<Types/>"}, entry{"xl/workbook.xml", "<x/>"}), "xlsx", "a.xlsx"},
		{"a.odt", odt(t), "odt", "a.odt"},
		{"a.txt", []byte("Во дворе не горит фонарь\r\n"), "txt", "a.txt"},
		{"a.txt", []byte("\xc2\xee \xe4\xe2\xee\xf0\xe5 \xff\xec\xe0"), "txt", "a.txt"}, // Windows-1251
		{"a.txt", []byte("MZ-51 проходит мимо"), "txt", "a.txt"},
		{"", jpegOf(t, 8, 8), "jpeg", "file.jpg"},
		{"ab\u202egpj.png", pngOf(t, 8, 8), "png", "abgpj.png"},
		{"a\r\nb<c>.png", pngOf(t, 8, 8), "png", "ab_c_.png"},
	} {
		f, err := inspect(x.body, x.name)
		if err != nil || f.Kind.Code != x.kind || f.Name != x.kept {
			t.Errorf("%s: %s %q %v, want %s %q", x.name, f.Kind.Code, f.Name, err, x.kind, x.kept)
		}
	}
	if f, err := inspect(jpegOf(t, 41, 30), "a.jpg"); err != nil || f.Width != 41 || f.Height != 30 {
		t.Errorf("size of a picture: %+v %v", f, err)
	}
	long, err := inspect(jpegOf(t, 8, 8), strings.Repeat("ы", 300)+".jpg")
	if err != nil || len([]rune(long.Name)) != MaxName || !strings.HasSuffix(long.Name, "ы.jpg") {
		t.Errorf("a long name: %q %v", long.Name, err)
	}
}

func TestInspectRefuses(t *testing.T) {
	photo, doc := jpegOf(t, 80, 60), docx(t)
	zeros := strings.Repeat("\x00", 12<<20)
	inner := zipOf(t, entry{"b.txt", "x"})
	hiddenBomb := zipOf(t, entry{"xl/x.bin", zeros[:7<<20]})
	hugePNG := append(append([]byte("\x89PNG\r\n\x1a\n"), pngChunk("IHDR", []byte{0, 0, 0x75, 0, 0, 0, 0x75, 0, 8, 2, 0, 0, 0})...), pngChunk("IDAT", nil)...)
	locked := bytes.Clone(doc)
	for i := bytes.Index(locked, []byte("PK\x01\x02")); i < len(locked)-22; i++ { // flag of every entry of the directory
		if string(locked[i:i+4]) == "PK\x01\x02" {
			locked[i+8] |= 1
		}
	}
	animated := append([]byte("RIFF\x16\x00\x00\x00WEBPVP8X\x0a\x00\x00\x00\x02\x00\x00\x00"), make([]byte, 10)...)
	for _, x := range []struct {
		what, name string
		body       []byte
		key        string
	}{
		{"nothing", "a.txt", nil, "blob.empty"},
		{"HTML that is called a photo", "a.jpg", []byte("<!DOCTYPE html><html><script>alert(1)</script>"), "blob.active"},
		{"HTML as text", "a.txt", []byte("hello\n<ScRiPt>alert(1)</script>"), "blob.active"},
		{"SVG with a script", "a.svg", []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`), "blob.active"},
		{"SVG that is called a PNG", "a.png", []byte(`<?xml version="1.0"?><svg onload="alert(1)"/>`), "blob.active"},
		{"a shell script", "a.txt", []byte("#!/bin/sh\nrm -rf /\n"), "blob.active"},
		{"a Windows program", "a.txt", []byte("MZ\x90\x00\x03\x00"), "blob.executable"},
		{"a Linux program", "a.pdf", []byte("\x7fELF\x02\x01"), "blob.executable"},
		{"a photo that is called a PDF", "a.pdf", photo, "blob.mismatch"},
		{"a photo that is called HTML", "a.html", photo, "blob.mismatch"},
		{"a document that is called a photo", "a.jpg", doc, "blob.mismatch"},
		{"a plain archive", "a.zip", inner, "blob.not_taken"},
		{"a plain archive that is called a document", "a.docx", inner, "blob.not_taken"},
		{"an old document", "a.doc", []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1xxxx"), "blob.not_taken"},
		{"a GIF", "a.gif", []byte("GIF89a"), "blob.not_taken"},
		{"bytes of no kind", "a.bin", []byte{0, 1, 2, 3}, "blob.unknown"},
		{"a control character far inside a text", "a.txt", append(bytes.Repeat([]byte("text "), 20_000), 0), "blob.unknown"},
		{"half a photo", "a.jpg", photo[:len(photo)/2], "blob.damaged"},
		{"a photo without its last byte", "a.jpg", photo[:len(photo)-1], "blob.damaged"},
		{"half a PNG", "a.png", pngOf(t, 80, 60)[:100], "blob.damaged"},
		{"half a WebP", "a.webp", webp1(t)[:30], "blob.damaged"},
		{"half a film", "a.mp4", film("isom")[:len(film("isom"))-4], "blob.damaged"},
		{"half a HEIC", "a.heic", heic()[:60], "blob.damaged"},
		{"half a PDF", "a.pdf", []byte(pdf)[:40], "blob.damaged"},
		{"half a document", "a.docx", doc[:len(doc)-30], "blob.damaged"},
		{"an animated WebP", "a.webp", animated, "blob.animated"},
		{"a PNG of 900 megapixels", "a.png", hugePNG, "blob.pixels"},
		{"a zip bomb", "a.docx", docx(t, entry{"word/media/x.bin", zeros}), "blob.bomb"},
		{"a bomb that is no document", "a.docx", zipOf(t, entry{"x", zeros}), "blob.bomb"},
		{"a directory that says 4 GB", "a.docx", claims(docx(t), 0xfffffff0), "blob.bomb"},
		{"a directory that hides its size", "a.docx", claims(docx(t, entry{"word/media/x.bin", zeros}), 10), "blob.damaged"},
		{"a bomb inside", "a.docx", docx(t, entry{"word/embeddings/a.xlsx", string(hiddenBomb)}), "blob.bomb"},
		{"archives inside archives", "a.docx", docx(t, entry{"a.zip", string(zipOf(t, entry{"b.zip", string(inner)}))}), "blob.bomb"},
		{"macros", "a.docx", docx(t, entry{"word/vbaProject.bin", "x"}), "blob.macros"},
		{"a program inside", "a.docx", docx(t, entry{"word/embeddings/a.bin", "MZ\x90\x00"}), "blob.executable"},
		{"a path that leads out", "a.docx", docx(t, entry{"../../x", "x"}), "blob.polyglot"},
		{"a locked document", "a.docx", locked, "blob.encrypted"},
		{"a photo with an archive behind it", "a.jpg", append(bytes.Clone(photo), inner...), "blob.polyglot"},
		{"a PDF with an archive behind it", "a.pdf", append([]byte(pdf), inner...), "blob.polyglot"},
		{"bytes before an archive's directory", "a.docx", append(bytes.Clone(doc[:4]), append([]byte("hidden"), doc[4:]...)...), "blob.polyglot"},
		{"a photo that is also a page", "a.jpg", append(append(bytes.Clone(photo[:2]), "\xff\xfe\x00\x12<html><script>.."...), photo[2:]...), "blob.polyglot"},
		{"a photo that is also a PDF", "a.jpg", append(append(bytes.Clone(photo[:2]), "\xff\xfe\x00\x0a%PDF-1.4"...), photo[2:]...), "blob.polyglot"},
	} {
		_, err := inspect(x.body, x.name)
		var e *errs.Error
		if !errors.As(err, &e) || e.Key != x.key {
			t.Errorf("%s: %v, want %s", x.what, err, x.key)
			continue
		}
		for _, lang := range i18n.Languages() {
			if s := i18n.Error(lang, err); s == "" || !strings.Contains(s, x.name) || strings.Contains(s, "<no value>") {
				t.Errorf("%s in %s: %q", x.what, lang, s)
			}
		}
	}
}

// claims rewrites the unpacked size of every entry in an archive's directory.
func claims(z []byte, size uint32) []byte {
	z = bytes.Clone(z)
	for i := 0; i < len(z)-22; i++ {
		if string(z[i:i+4]) == "PK\x01\x02" {
			binary.LittleEndian.PutUint32(z[i+24:], size)
		}
	}
	return z
}

func TestInspectTellsFailuresOfReading(t *testing.T) {
	if _, err := Inspect(brokenDisk{}, 100, "a.jpg"); err == nil || errs.Is(err, errs.Invalid) {
		t.Errorf("a failing disk is called the sender's fault: %v", err)
	}
}

type brokenDisk struct{}

func (brokenDisk) ReadAt([]byte, int64) (int, error) { return 0, errors.New("disk fails") }

func TestISOIsBlankedInPlace(t *testing.T) {
	for name, body := range map[string][]byte{"heic": heic(), "mp4": film("isom"), "mov": film("qt  ")} {
		if !bytes.Contains(body, []byte(gpsMark)) {
			t.Fatalf("%s: the sample has no place in it", name)
		}
		p, err := isoPatches(bytes.NewReader(body), int64(len(body)), name)
		if err != nil {
			t.Fatal(err)
		}
		out, err := io.ReadAll(io.MultiReader(&patched{r: &oneByte{bytes.NewReader(body)}, patches: p}))
		if err != nil {
			t.Fatal(err)
		}
		if len(out) != len(body) || bytes.Contains(out, []byte("GPS")) {
			t.Errorf("%s: place still there, or the size changed from %d to %d", name, len(body), len(out))
		}
		if f, err := inspect(out, "a."+name); err != nil || f.Kind.Code != name {
			t.Errorf("%s: after blanking: %v", name, err)
		}
		for _, must := range [][]byte{[]byte("picture"), []byte("of vide")} {
			if bytes.Contains(body, must) && !bytes.Contains(out, must) {
				t.Errorf("%s: %q is gone", name, must)
			}
		}
		if bytes.Contains(out, []byte("of meta")) {
			t.Errorf("%s: a track of places is still there", name)
		}
	}
}

// oneByte reads byte by byte, so that patches lie across reads.
type oneByte struct{ r io.Reader }

func (o *oneByte) Read(p []byte) (int, error) { return o.r.Read(p[:min(1, len(p))]) }

func FuzzInspect(f *testing.F) {
	for _, b := range [][]byte{jpegOf(f, 8, 8), withExif(jpegOf(f, 8, 8), 6), pngOf(f, 8, 8), webp1(f), heic(), film("isom"), film("qt  "),
		[]byte(pdf), docx(f), odt(f), []byte("text"), []byte("<html>"), []byte("MZ\x00")} {
		f.Add(b, "a.jpg")
	}
	f.Fuzz(func(t *testing.T, b []byte, name string) {
		found, err := inspect(b, name)
		if err != nil {
			if c := errs.CodeOf(err); c != errs.UnsupportedType && c != errs.Invalid && c != errs.TooLarge {
				t.Fatalf("not a refusal: %v", err)
			}
			return
		}
		if _, ok := KindOf(found.Kind.Code); !ok || found.Name == "" || strings.ContainsAny(found.Name, "/\\\r\n\x00") {
			t.Fatalf("%+v", found)
		}
		switch found.Kind.Clean {
		case cleanImage:
			if _, err := reencode(bytes.NewReader(b), int64(len(b)), found.Kind.Code); err != nil && !errs.Is(err, errs.Invalid) && !errs.Is(err, errs.TooLarge) {
				t.Fatal(err)
			}
		case cleanISO:
			p, err := isoPatches(bytes.NewReader(b), int64(len(b)), found.Kind.Code)
			if err != nil {
				return
			}
			if n, err := io.Copy(io.Discard, &patched{r: bytes.NewReader(b), patches: p}); err != nil || n != int64(len(b)) {
				t.Fatal(n, err)
			}
		}
	})
}
