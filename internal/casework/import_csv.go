package casework

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"
)

// Bounds of reading a foreign file.
const (
	csvSample = 256 << 10 // read ahead to recognise charset and separator
	csvRecord = 4 << 20   // bytes of one record; an unclosed quote is noticed there at the latest
)

// csvRecordRow is one record, or why there is none.
type csvRecordRow struct {
	line   int // of the file, from 1, where the record begins
	fields []string
	bad    string // code of a reason; empty: the record is good
}

// csvReader reads records one by one and survives what breaks others: a broken
// record costs its own first line alone, for reading goes on with the next one.
type csvReader struct {
	src     *bufio.Reader
	comma   byte
	replace bool     // U+FFFD stands for a byte that the charset lacks
	again   []string // lines read as part of a record that turned out broken
	line    int      // of the next line
	width   int      // fields of a record; 0: not known yet
}

// newCSVReader recognises charset (UTF-8, UTF-16 with a mark, Windows-1251)
// and separator (comma, semicolon, tab) unless they are given.
func newCSVReader(in io.Reader, charset string, comma byte) (*csvReader, error) {
	raw := bufio.NewReaderSize(in, csvSample)
	head, err := raw.Peek(csvSample)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	if charset == "" {
		charset = charsetOf(head)
	}
	r := &csvReader{comma: comma, line: 1}
	var text io.Reader = raw
	switch strings.ToLower(charset) {
	case "windows-1251", "cp1251":
		text, r.replace = transform.NewReader(raw, charmap.Windows1251.NewDecoder()), true
	case "utf-16":
		text, r.replace = transform.NewReader(raw, unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()), true
	case "utf-8":
		if bytes.HasPrefix(head, []byte("\xef\xbb\xbf")) {
			if _, err := raw.Discard(3); err != nil {
				return nil, err
			}
		}
	default:
		return nil, invalidImport("charset", "unknown")
	}
	r.src = bufio.NewReaderSize(text, 64<<10)
	if r.comma == 0 {
		first, err := r.src.Peek(16 << 10)
		if err != nil && !errors.Is(err, io.EOF) {
			return nil, err
		}
		r.comma = separatorOf(first)
	}
	return r, nil
}

// charsetOf judges by lines, so that one broken line doesn't turn a file of
// UTF-8 into another charset.
func charsetOf(head []byte) string {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return "utf-16"
	}
	if i := bytes.LastIndexByte(head, '\n'); i > 0 {
		head = head[:i]
	}
	good, bad := 0, 0
	for line := range bytes.Lines(head) {
		switch {
		case !utf8.Valid(line):
			bad++
		case bytes.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }):
			good++
		}
	}
	if bad > good {
		return "windows-1251"
	}
	return "utf-8"
}

// separatorOf counts separators of the header outside quotes.
func separatorOf(head []byte) byte {
	if i := bytes.IndexByte(head, '\n'); i >= 0 {
		head = head[:i]
	}
	count := map[byte]int{}
	quoted := false
	for _, c := range head {
		switch {
		case c == '"':
			quoted = !quoted
		case !quoted:
			count[c]++
		}
	}
	best := byte(',')
	for _, c := range []byte{';', '\t'} {
		if count[c] > count[best] {
			best = c
		}
	}
	return best
}

const longLine = "\x00\x00\x00\n" // stands for a line over the bound

// readLine gives the next line with its end.
func (r *csvReader) readLine() (string, error) {
	if len(r.again) > 0 {
		line := r.again[0]
		r.again = r.again[1:]
		r.line++
		return line, nil
	}
	var b []byte
	for {
		piece, err := r.src.ReadSlice('\n')
		if len(b) <= csvRecord {
			b = append(b, piece...)
		}
		if errors.Is(err, bufio.ErrBufferFull) {
			continue
		}
		if err != nil && (!errors.Is(err, io.EOF) || len(b) == 0) {
			return "", err
		}
		r.line++
		if len(b) > csvRecord {
			return longLine, nil
		}
		return string(b), nil
	}
}

// next reads a record; io.EOF after the last one. Errors of reading end it.
func (r *csvReader) next() (csvRecordRow, error) {
	for {
		row := csvRecordRow{line: r.line}
		first, err := r.readLine()
		if err != nil {
			return row, err
		}
		if first == longLine {
			row.bad = "too_long"
			return row, nil
		}
		if strings.TrimSpace(first) == "" {
			continue
		}
		p := csvParser{comma: r.comma}
		size := len(first)
		p.feed(first)
		var more []string // lines after the first
		for p.open && p.bad == "" {
			line, err := r.readLine()
			if errors.Is(err, io.EOF) || err == nil && line == longLine || size+len(line) > csvRecord {
				p.bad = "quote"
				if err == nil {
					more = append(more, line)
				}
				break
			}
			if err != nil {
				return row, err
			}
			more = append(more, line)
			size += len(line)
			p.feed(line)
		}
		if p.bad == "" && r.width > 0 && len(p.fields) != r.width {
			p.bad = "columns"
		}
		if p.bad != "" {
			row.bad = p.bad
			r.again = append(more, r.again...) // perhaps only the first line is broken
			r.line -= len(more)
			return row, nil
		}
		row.fields = p.fields
		for _, f := range p.fields {
			if !utf8.ValidString(f) || strings.ContainsRune(f, 0) || r.replace && strings.ContainsRune(f, utf8.RuneError) {
				row.bad = "encoding"
			}
		}
		return row, nil
	}
}

// csvParser takes a record line by line (RFC 4180).
type csvParser struct {
	comma  byte
	fields []string
	open   bool // inside quotes at the end of the line
	bad    string
	field  strings.Builder
}

func (p *csvParser) feed(line string) {
	end := "\n"
	text, ended := strings.CutSuffix(line, "\n")
	text = strings.TrimSuffix(text, "\r")
	if !ended {
		end = ""
	}
	for {
		if !p.open {
			if !strings.HasPrefix(text, `"`) {
				i := strings.IndexByte(text, p.comma)
				value := text
				if i >= 0 {
					value = text[:i]
				}
				if strings.Contains(value, `"`) {
					p.bad = "quote"
					return
				}
				p.fields = append(p.fields, value)
				if i < 0 {
					return
				}
				text = text[i+1:]
				continue
			}
			text, p.open = text[1:], true
		}
		i := strings.IndexByte(text, '"')
		if i < 0 {
			p.field.WriteString(text + end)
			return
		}
		p.field.WriteString(text[:i])
		text = text[i+1:]
		if strings.HasPrefix(text, `"`) {
			p.field.WriteByte('"')
			text = text[1:]
			continue
		}
		p.open = false
		p.fields = append(p.fields, p.field.String())
		p.field.Reset()
		if text == "" {
			return
		}
		if text[0] != p.comma {
			p.bad = "quote"
			return
		}
		text = text[1:]
	}
}
