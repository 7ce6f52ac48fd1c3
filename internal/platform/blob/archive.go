package blob

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
)

// Limits of an archive. An honest office document stays far below.
const (
	maxEntries  = 5_000
	maxUnpacked = 200 << 20 // bytes of everything in it, archives inside included
	maxRatio    = 150       // unpacked to packed, counted above freeRatio
	freeRatio   = 5 << 20
	maxNested   = 8 << 20 // an archive inside (an embedded sheet), unpacked into memory
	maxDepth    = 1
)

// budget is what is left to unpack.
type budget struct {
	left   int64
	packed int64 // size of the outer file
	all    int64 // unpacked so far
}

func (b *budget) take(n int64) error {
	b.left -= n
	b.all += n
	if b.left < 0 {
		return bomb("unpacks to more than the limit")
	}
	if b.all > freeRatio && b.all > b.packed*maxRatio {
		return bomb("unpacks to too many times its size")
	}
	return nil
}

// inspectZip walks the archive's directory before it is read into memory,
// unpacks every entry against a budget (what the directory says of sizes is
// not believed) and tells which document it is.
func inspectZip(r io.ReaderAt, size int64) (code string, err error) {
	z, err := openZip(r, size)
	if err != nil {
		return "", err
	}
	has := map[string]*zip.File{}
	for _, f := range z.File {
		has[f.Name] = f
	}
	switch {
	case has["[Content_Types].xml"] != nil && has["word/document.xml"] != nil:
		code = "docx"
	case has["[Content_Types].xml"] != nil && has["xl/workbook.xml"] != nil:
		code = "xlsx"
	case has["mimetype"] != nil && has["content.xml"] != nil:
		if code, err = openDocument(has["mimetype"]); err != nil {
			return "", err
		}
	default:
		err = refuse("blob.not_taken")
	}
	b := &budget{left: maxUnpacked, packed: size}
	if walked := walkZip(z, b, 0); walked != nil {
		return "", walked // a bomb is called one, whatever it pretends to be
	}
	return code, err
}

func openDocument(f *zip.File) (string, error) {
	rc, err := f.Open()
	if err != nil {
		return "", damaged(err.Error())
	}
	defer rc.Close()
	b, err := io.ReadAll(io.LimitReader(rc, 200))
	if err != nil {
		return "", damaged(err.Error())
	}
	for _, code := range []string{"odt", "ods"} {
		if k, ok := KindOf(code); ok && string(b) == k.MIME {
			return code, nil
		}
	}
	return "", refuse("blob.not_taken")
}

// openZip checks that the directory is small, lies right before its end record
// and that nothing stands before the first entry or after the end.
func openZip(r io.ReaderAt, size int64) (*zip.Reader, error) {
	tail := make([]byte, min(size, 22+1<<16))
	if _, err := r.ReadAt(tail, size-int64(len(tail))); err != nil && err != io.EOF {
		return nil, err
	}
	i := bytes.LastIndex(tail, []byte("PK\x05\x06"))
	if i < 0 || len(tail)-i < 22 {
		return nil, damaged("no end of the archive's directory")
	}
	end := tail[i:]
	at := size - int64(len(end))
	dirSize, dirAt := int64(binary.LittleEndian.Uint32(end[12:])), int64(binary.LittleEndian.Uint32(end[16:]))
	if dirAt == 0xffffffff || dirSize == 0xffffffff {
		return nil, bomb("a ZIP64 archive is larger than any that is taken")
	}
	if dirAt+dirSize != at || int(binary.LittleEndian.Uint16(end[20:])) != len(end)-22 {
		return nil, refuse("blob.polyglot")
	}
	if err := countEntries(io.NewSectionReader(r, dirAt, dirSize), dirSize); err != nil {
		return nil, err
	}
	z, err := zip.NewReader(r, size)
	if err != nil && !errors.Is(err, zip.ErrInsecurePath) {
		return nil, damaged(err.Error())
	}
	return z, nil
}

// countEntries bounds what zip.NewReader would hold in memory.
func countEntries(dir io.ReaderAt, size int64) error {
	var h [46]byte
	for n, at := 0, int64(0); at < size; n++ {
		if n == maxEntries {
			return bomb("too many entries")
		}
		if _, err := dir.ReadAt(h[:], at); err != nil {
			return damaged("the archive's directory is cut off")
		}
		if string(h[:4]) != "PK\x01\x02" {
			return damaged("the archive's directory is broken")
		}
		at += 46 + int64(binary.LittleEndian.Uint16(h[28:])) + int64(binary.LittleEndian.Uint16(h[30:])) + int64(binary.LittleEndian.Uint16(h[32:]))
	}
	return nil
}

func walkZip(z *zip.Reader, b *budget, depth int) error {
	var said uint64
	for _, f := range z.File {
		name := strings.ToLower(f.Name)
		switch {
		case f.Flags&1 != 0:
			return refuse("blob.encrypted")
		case strings.HasPrefix(name, "/"), strings.Contains(name, `\`), strings.Contains("/"+name+"/", "/../"), strings.ContainsRune(name, 0):
			return refuse("blob.polyglot")
		case strings.HasSuffix(name, "vbaproject.bin"), strings.HasPrefix(name, "basic/"), strings.HasPrefix(name, "scripts/"):
			return refuse("blob.macros")
		}
		if said += f.UncompressedSize64; said > maxUnpacked || f.UncompressedSize64 > maxUnpacked {
			return bomb("says that it unpacks to more than the limit")
		}
	}
	for _, f := range z.File {
		if strings.HasSuffix(f.Name, "/") {
			continue
		}
		if err := walkEntry(f, b, depth); err != nil {
			return err
		}
	}
	return nil
}

func walkEntry(f *zip.File, b *budget, depth int) error {
	rc, err := f.Open()
	if err != nil {
		return damaged(err.Error())
	}
	defer rc.Close()
	head := make([]byte, 512)
	n, err := io.ReadFull(rc, head)
	if err != nil && err != io.EOF && err != io.ErrUnexpectedEOF {
		return damaged(err.Error())
	}
	head = head[:n]
	if err := b.take(int64(n)); err != nil {
		return err
	}
	for _, m := range magic {
		if m.key == "blob.executable" && bytes.HasPrefix(head, []byte(m.bytes)) && len(m.bytes) > 2 {
			return refuse("blob.executable")
		}
	}
	if bytes.HasPrefix(head, []byte("MZ")) && !strings.HasSuffix(strings.ToLower(f.Name), ".xml") {
		return refuse("blob.executable")
	}
	if bytes.HasPrefix(head, []byte("PK\x03\x04")) {
		return walkNested(head, rc, b, depth+1)
	}
	buf := make([]byte, 32<<10)
	for {
		n, err := rc.Read(buf)
		if e := b.take(int64(n)); e != nil {
			return e
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return damaged(err.Error())
		}
	}
}

func walkNested(head []byte, rest io.Reader, b *budget, depth int) error {
	if depth > maxDepth {
		return bomb("archives inside archives")
	}
	body, err := io.ReadAll(io.LimitReader(rest, maxNested))
	if err != nil {
		return damaged(err.Error())
	}
	if err := b.take(int64(len(body))); err != nil {
		return err
	}
	if len(body) == maxNested {
		return bomb(fmt.Sprintf("an archive inside is larger than %d bytes", maxNested))
	}
	body = append(head[:len(head):len(head)], body...)
	z, err := openZip(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		return err
	}
	return walkZip(z, b, depth)
}
