package casework

import (
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
)

func readCSV(t *testing.T, text string) (out []csvRecordRow) {
	t.Helper()
	r, err := newCSVReader(strings.NewReader(text), "", 0)
	if err != nil {
		t.Fatal(err)
	}
	for {
		row, err := r.next()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		if r.width == 0 {
			r.width = len(row.fields)
		}
		out = append(out, row)
	}
}

func TestForeignTablesAreRead(t *testing.T) {
	good := "id,text\n1,Яма\n2,\"Две, строки\nи «кавычки»: \"\"так\"\"\"\n\n3,\n"
	cp1251, err := charmap.Windows1251.NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	utf16, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(good)
	if err != nil {
		t.Fatal(err)
	}
	want := []csvRecordRow{{line: 1, fields: []string{"id", "text"}}, {line: 2, fields: []string{"1", "Яма"}},
		{line: 3, fields: []string{"2", "Две, строки\nи «кавычки»: \"так\""}}, {line: 6, fields: []string{"3", ""}}}
	for name, text := range map[string]string{
		"plain": good, "mark": "\ufeff" + good, "windows-1251": cp1251, "utf-16": utf16, "crlf": strings.ReplaceAll(good, "\n", "\r\n"),
		"semicolon": strings.NewReplacer("id,", "id;", "1,", "1;", "2,", "2;", "3,", "3;").Replace(good),
		"tab":       strings.NewReplacer("id,", "id\t", "1,", "1\t", "2,", "2\t", "3,", "3\t").Replace(good),
		"no end":    strings.TrimSuffix(good, "\n"),
	} {
		if got := readCSV(t, text); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

func TestBrokenRecordsCostThemselvesAlone(t *testing.T) {
	text := "id,text\n" +
		"1,\"не закрыта\n" + // the next quote stands four lines below
		"2,хорошая\n" +
		"3,лишний,столбец\n" +
		"4,внутри \"кавычка\n" +
		"5,\"хорошая\"\n" +
		"6,\xff\xfe не те знаки\n" +
		"7,\"закрыта\"не там\n" +
		"8,хорошая\n" +
		"9,\"до конца файла\n" +
		"10,хорошая\n"
	bad := map[int]string{2: "quote", 4: "columns", 5: "quote", 7: "encoding", 8: "quote", 10: "quote"}
	for i, row := range readCSV(t, text) {
		if row.line != i+1 {
			t.Errorf("record %d: line %d", i+1, row.line)
		}
		if row.bad != bad[row.line] {
			t.Errorf("line %d: %q, want %q", row.line, row.bad, bad[row.line])
		}
	}
	long := "id,text\n1," + strings.Repeat("a", csvRecord+10) + "\n2,\"" + strings.Repeat("b\n", 10) + "\n3,хорошая\n"
	rows := readCSV(t, long)
	if rows[1].bad != "too_long" || rows[2].bad != "quote" || rows[2].line != 3 {
		t.Errorf("long line: %q %q in line %d", rows[1].bad, rows[2].bad, rows[2].line)
	}
	if last := rows[len(rows)-1]; last.bad != "" || last.fields[0] != "3" {
		t.Errorf("the record after the broken ones was lost: %+v", last)
	}
}

func FuzzForeignTable(f *testing.F) {
	f.Add("id,text\n1,\"a\nb\"\n2,\"\n")
	f.Add("a;b\n\"\"\"\";\xff\n")
	f.Fuzz(func(t *testing.T, text string) {
		r, err := newCSVReader(strings.NewReader(text), "", 0)
		if err != nil {
			t.Fatal(err)
		}
		for n, last := 0, 0; ; n++ {
			row, err := r.next()
			if errors.Is(err, io.EOF) {
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if row.line <= last || n > len(text) {
				t.Fatalf("record %d: line %d after %d", n, row.line, last)
			}
			last, r.width = row.line, max(r.width, len(row.fields))
		}
	})
}
