package casework

import (
	"okno/internal/platform/db"
	"okno/internal/platform/id"
)

// Erase takes a person's words out of what is stored open: the texts that they
// wrote, the titles made of them, landmarks and details of their cases. What
// the authority did, and when, stays. It is used where a person is erased, and
// by a restore for whoever was erased after the backup.
func Erase(tx *db.Tx, person id.ID) {
	const own = `(SELECT case_id FROM casework_mine WHERE person_id=$1)`
	tx.Queue(`UPDATE casework_entry SET body='' WHERE author_id=$1 AND case_id IN `+own, person)
	// Officers quote them: the excerpt for strangers, the parts of a split report.
	tx.Queue(`UPDATE casework_entry SET body='' WHERE kind IN ('text','excerpt') AND case_id IN
		(SELECT case_id FROM casework_mine WHERE person_id=$1 AND kind='author')`, person)
	tx.Queue(`UPDATE casework_case SET title='', place_note='', details='' WHERE applicant_id=$1 AND id IN `+own, person)
}
