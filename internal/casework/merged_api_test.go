package casework

import "testing"

// Over the API too the number of a merged report answers the one that stays,
// takes a mark, and answers its author's words where they are asked for.
func TestAPIOfAMergedReport(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: yama, Key: k1, Want: 201, Save: "N=number E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: "{E}", Want: 200},
			call{Who: "oleg", Do: "POST /reports", Body: yama, Key: k2, Want: 201, Save: "M=number F=ETag"},
			call{Who: "office", Do: "POST /reports/{M}/actions/accept", Body: `{}`, Match: "{F}", Want: 200, Save: "F=ETag"},
			call{Who: "office", Do: "POST /reports/{M}/actions/merge", Body: `{"into":"{N}"}`, Match: "{F}", Want: 200},
			call{Who: "oleg", Do: "GET /reports/{M}", Want: 200, Has: "as=joined number={M} filed={M} stage=coordination", No: "\"title\""},
			call{Who: "oleg", Do: "GET /reports/{N}", Want: 200, Has: "as=joined number={M} filed={M} stage=coordination"},
			call{Who: "oleg", Do: "GET /reports/{M}?filed=true", Want: 200, Has: "as=author number={M} outcome=merged merged_into={N} entries.0.kind=text"},
			call{Who: "oleg", Do: "GET /reports/{N}?filed=true", Want: 200, Has: "as=joined number={M}"},
			call{Who: "office", Do: "GET /reports/{M}", Want: 200, Has: "as=office outcome=merged"},
			call{Who: "nina", Do: "GET /reports/{M}?filed=true", Want: 200, Has: "as=stranger"},
			call{Who: "office", Do: "GET /reports/{N}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/take", Body: `{}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "office", Do: "POST /reports/{N}/actions/interim", Body: `{"comment":"Едем.","shared":"Едем."}`, Match: "{E}", Want: 200, Save: "E=ETag"},
			call{Who: "olga", Do: "POST /reports/{N}/actions/approve", Body: `{}`, Match: "{E}", Want: 200},
			call{Who: "oleg", Do: "GET /reports/{M}", Want: 200, Has: "entries.0.text=Едем."},
		)
	})
}
