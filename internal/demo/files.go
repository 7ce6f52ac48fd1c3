package demo

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"image/jpeg"
	"strings"
	"time"

	"okno/internal/demo/photo"
	"okno/internal/demo/texts"
	"okno/internal/platform/blob"
	"okno/internal/platform/id"
	"okno/internal/taxonomy"
)

// fileSpec is a file to be made when its step is done.
type fileSpec struct {
	name   string
	scene  photo.Scene // of a photo
	seed   uint64
	season photo.Season
	after  bool
	lines  []string // of an act
	owner  *matter
	n      int
}

// Sizes of drawn photos.
const (
	photoWidth, photoHeight = 960, 720
	photoQuality            = 80
)

// onPaper are facts whose answer is a decision: there is no mended place to show.
var onPaper = set(`houses.unsafe.recognise roads.unpaved.pave ecology.forest.logging construction.legality.violations greenery.trees.cutting telecom.mobile.tower`)

// scene is what a photo of the report would show.
func (m *matter) scene() (photo.Scene, bool) {
	scene, ok := photo.SceneFor(m.fact.Code, texts.Variant(m.input))
	if p := m.input.Place; ok && p.Street == "" && strings.HasPrefix(p.Landmark, "дорога ") {
		scene = photo.BetweenTowns(scene)
	}
	return scene, ok
}

// seen tells whether the trouble can be photographed when it is reported.
func (m *matter) seen() bool {
	scene, ok := m.scene()
	return ok && photo.Fits(scene, photo.SeasonOf(int(m.filed.In(moscow).Month())))
}

// photosBefore decides whether the applicant sends a photo: always where the
// fact demands one, elsewhere those more often who can sign in and who wrote
// last, so that what a visitor meets first has photos.
func (m *matter) photosBefore() []fileSpec {
	share := 0.5
	switch {
	case m.fact.Requires(taxonomy.FieldPhoto):
		share = 100
	case m.t.o.wish != nil, m.t.o.ago < 12:
		share = 18
	case m.t.o.ago < 30:
		share = 8
	}
	if m.opened != "" || !m.seen() || !percent(m.rng, share) {
		return nil
	}
	scene, _ := m.scene()
	season := photo.SeasonOf(int(m.filed.In(moscow).Month()))
	m.pictured = true
	return []fileSpec{{name: fmt.Sprintf("IMG_%04d.jpg", 1000+m.rng.IntN(8999)), scene: scene, seed: m.pictureSeed(), season: season, owner: m, n: 1}}
}

func (m *matter) pictureSeed() uint64 { return chance(m.t.w.seed, "photo", m.t.o.n, m.j).Uint64() }

// proof is what comes with an answer: a photo of the place after the work, or an act.
func (m *matter) proof(c course) []fileSpec {
	n := int(m.files) + 1
	if m.pictured && c.outcome == texts.Done && !onPaper[m.fact.Code] {
		scene, _ := m.scene()
		if season := photo.SeasonOf(int(m.at.In(moscow).Month())); photo.Fits(scene, season) && percent(m.rng, 70) {
			return []fileSpec{{name: "после_работ.jpg", scene: scene, seed: m.pictureSeed(), season: season, after: true, owner: m, n: n}}
		}
	}
	if len(m.fact.Proof) == 0 && c.deferred == 0 && !percent(m.rng, 8) {
		return nil
	}
	title, end := "АКТ выполненных работ", "Работы выполнены, замечаний нет."
	if c.outcome != texts.Done {
		title, end = "АКТ осмотра", "Осмотр проведён, состояние зафиксировано."
	}
	place := strings.Trim(strings.Join([]string{m.spot.told.Locality, m.spot.told.Street, m.spot.told.House}, ", "), ", ")
	if place == "" {
		place = m.spot.told.Landmark
	}
	p := m.t.w.crowd.officers[max(m.handler, 0)]
	return []fileSpec{{name: fmt.Sprintf("Акт № %d.docx", 10+m.rng.IntN(890)), owner: m, n: n, lines: []string{
		title, "", "Дата: " + m.at.In(m.org.Hours.Location()).Format("02.01.2006"), "Исполнитель: " + m.org.Name, "Предмет: " + m.fact.Name,
		"Место: " + place, "Сообщение: № " + id.ShowNumber(m.number), "", end, "", "Составил: " + p.Initials()}}}
}

// upload makes the file and stores it. The key makes a repetition give what
// was stored; one that was stored and given up since is stored anew.
func (w *world) upload(ctx context.Context, f fileSpec, uploader id.ID) (id.ID, error) {
	body, err := f.body()
	if err != nil {
		return id.Nil, err
	}
	key := fmt.Sprintf("demo-%d-%d-%d", f.owner.t.o.n, f.owner.j, f.n)
	for {
		o, err := w.app.Blobs.Upload(ctx, blob.Upload{Owner: uploader, Uploader: uploader, Name: f.name, Body: bytes.NewReader(body), Key: key})
		if err != nil {
			return id.Nil, fmt.Errorf("file %s: %w", f.name, err)
		}
		if !o.Deleted {
			return o.ID, nil
		}
		key += "+"
	}
}

func (f fileSpec) body() ([]byte, error) {
	var b bytes.Buffer
	if f.lines != nil {
		err := writeAct(&b, f.lines)
		return b.Bytes(), err
	}
	img, ok := photo.DrawIn(f.scene, f.seed, f.season, f.after, photoWidth, photoHeight)
	if !ok {
		return nil, fmt.Errorf("no picture of %s in season %d", f.scene, f.season)
	}
	err := jpeg.Encode(&b, img, &jpeg.Options{Quality: photoQuality})
	return b.Bytes(), err
}

// writeAct writes a small DOCX of these lines; the first is the heading.
func writeAct(b *bytes.Buffer, lines []string) error {
	z := zip.NewWriter(b)
	var doc strings.Builder
	doc.WriteString(xml.Header + `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>`)
	for i, l := range lines {
		doc.WriteString(`<w:p>`)
		if i == 0 {
			doc.WriteString(`<w:pPr><w:jc w:val="center"/></w:pPr>`)
		}
		doc.WriteString(`<w:r><w:t xml:space="preserve">`)
		if err := xml.EscapeText(&doc, []byte(l)); err != nil {
			return err
		}
		doc.WriteString(`</w:t></w:r></w:p>`)
	}
	doc.WriteString(`</w:body></w:document>`)
	for _, part := range [][2]string{
		{"[Content_Types].xml", xml.Header + `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>`},
		{"_rels/.rels", xml.Header + `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`},
		{"word/document.xml", doc.String()},
	} {
		w, err := z.CreateHeader(&zip.FileHeader{Name: part[0], Method: zip.Deflate, Modified: time.Date(2025, 1, 1, 0, 0, 0, 0, time.UTC)})
		if err != nil {
			return err
		}
		if _, err := w.Write([]byte(part[1])); err != nil {
			return err
		}
	}
	return z.Close()
}
