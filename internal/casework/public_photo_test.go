package casework

import (
	"testing"

	"okno/internal/ui"
)

// A picture of the work is told from one of the trouble where strangers see both.
func TestPublicPhotosTellWhoseTheyAre(t *testing.T) {
	v := &publicView{Page: ui.Page{Lang: "ru"}, Public: &Public{Number: "419466123456",
		Attachments: []Attachment{{N: 1, Kind: "image/jpeg"}, {N: 2, Kind: "image/jpeg", Work: true}, {N: 3, Kind: "application/pdf", Work: true}}}}
	photos := v.photos()
	if len(photos) != 2 || photos[0].Caption != "" || photos[1].Caption != "После. Фото исполнителя" {
		t.Errorf("%+v", photos)
	}
}
