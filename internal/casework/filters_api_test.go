package casework

import "testing"

// A filter with a value that nobody knows is refused by name, not answered by
// an empty list.
func TestAPIRefusesUnknownFilters(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Do: "GET /public/reports?category=yard", Want: 200, Has: "items.#=0"},
			call{Do: "GET /public/reports?category=yards", Want: 422, Has: "code=invalid fields.#=1 fields.0.name=category fields.0.rule=unknown"},
			call{Do: "GET /public/reports?bbox=30,58,32,60&category=yards", Want: 422, Has: "fields.0.name=category"},
			call{Who: "office", Do: "GET /workspace/reports?category=yard&territory=01", Want: 200, Has: "items.#=0"},
			call{Who: "office", Do: "GET /workspace/reports?category=yards&territory=99", Want: 422, Read: "-",
				Has: "code=invalid fields.#=2 fields.0.name=category fields.0.rule=unknown fields.1.name=territory fields.1.rule=unknown"},
			call{Who: "office", Do: "GET /workspace/reports?stage=nowhere", Want: 422, Has: "fields.0.name=stage fields.0.rule=unknown"},
			call{Who: "office", Do: "GET /workspace/reports?part=nowhere", Want: 422, Has: "fields.0.name=part fields.0.rule=unknown"},
			call{Who: "office", Do: "GET /workspace/reports?category=yard&category=roads", Want: 422, Has: "fields.0.name=category fields.0.rule=repeated"},
			call{Who: "office", Do: "GET /workspace/reports?handler_id=01a20827-8804-72f4-b5b5-63690781da86", Want: 422, Has: "fields.0.name=handler_id fields.0.rule=unknown"},
			call{Who: "office", Do: "GET /workspace/reports?handler_id={olga}", Want: 422, Has: "fields.0.name=handler_id"},
			call{Who: "office", Do: "GET /workspace/reports?handler_id={timur}", Want: 200, Has: "items.#=0"},
			call{Who: "office", Do: "GET /workspace/reports?handler_id=me", Want: 200},
			call{Who: "office", Do: "GET /workspace/reports?deadline=never", Want: 422, Has: "fields.0.name=deadline fields.0.rule=unknown"},
		)
	})
}

// What a program is told of a version that isn't the present one fits a
// program: there is no page to reload and nothing below.
func TestAPITellsProgramsOfAStaleVersion(t *testing.T) {
	eachDesk(t, func(d *desk) {
		d.Run(
			call{Who: "nina", Do: "POST /reports", Body: bench, Key: k1, Want: 201, Save: "N=number"},
			call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: `"v7"`, Want: 412, Has: "code=stale", No: "Ниже|траниц|написали"},
			call{Who: "office", Do: "POST /workspace/bulk/accept", Body: `{"reports":[{"number":"{N}","version":7}]}`, Want: 200, Has: "results.0.problem.code=stale", No: "Ниже|траниц|написали"},
		)
		d.One("in words", call{Who: "office", Do: "POST /reports/{N}/actions/accept", Body: `{}`, Match: `"v7"`, Lang: "en", Want: 412, No: "Below|below|page"})
	})
}
