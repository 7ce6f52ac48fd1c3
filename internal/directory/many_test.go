package directory

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"okno/internal/platform/errs"
	"okno/internal/platform/id"
	"okno/internal/policy"
)

// FB-29: each of 16,500 organisations has a workspace of its own, opened by its
// officers alone and as quickly as that of a small installation.
func TestWorkspacesOf16500Organisations(t *testing.T) {
	const municipalities, each16500 = 150, 109
	var file strings.Builder
	file.WriteString("code;parent;kind;name\nreg;;region;Область\n")
	total := 1
	for m := range municipalities {
		fmt.Fprintf(&file, "m%03d;reg;municipal;Администрация %d\n", m, m)
		total++
		for u := range each16500 {
			fmt.Fprintf(&file, "m%03d.u%03d;m%03d;institution;Учреждение %d-%d\n", m, u, m, m, u)
			total++
		}
	}
	each(t, func(b bench) {
		res, err := b.Import(ctx, operator, strings.NewReader(file.String()))
		b.must(err)
		if res.Added != total || total < 16500 {
			t.Fatalf("%d of %d added: %+v", res.Added, total, res.Problems[:min(3, len(res.Problems))])
		}
		tree, err := b.current(ctx)
		b.must(err)
		mine, _ := tree.ByCode("m149.u108")
		other, _ := tree.ByCode("m149.u107")
		b.office(mine.ID, "anna", policy.Handler)
		b.acting("anna", mine.Code) // the tree is in memory from here on
		began := time.Now()
		const times = 200
		for range times {
			if a := b.acting("anna", mine.Code); a.Organisation != mine.ID || !a.Has(policy.Handler) || len(a.Subtree) > 0 && a.Subtree[0] == id.Nil {
				t.Fatalf("%+v", a)
			}
		}
		if took := time.Since(began) / times; took > 20*time.Millisecond {
			t.Errorf("a workspace opens in %s", took)
		}
		if _, err := b.Acting(ctx, citizen(b.people["anna"]), other.Code); !errs.Is(err, errs.NotFound) && !errs.Is(err, errs.Forbidden) {
			t.Errorf("the neighbour's workspace: %v", err)
		}
	})
}
