package casework

import (
	"okno/internal/platform/errs"
	"okno/internal/platform/i18n"
	"okno/internal/ui"
)

// commentLabels are what the text of a citizen's action is called; officers'
// are "work.comment." with the action.
var commentLabels = map[Action]string{Add: "case.add_what", Reply: "case.your_reply", Withdraw: "case.withdraw_why", Rate: "ui.reopen_what", Reopen: "ui.reopen_what"}

// fieldLabels are what other fields of actions are called.
var fieldLabels = map[string]string{"handler": "work.handler", "organisation": "work.office_to", "fact": "work.topic", "into": "work.into",
	"plan_date": "work.plan_date", "files": "work.files", "reason": "work.reason_label", "mark": "case.mark", "solved": "ui.solved"}

// fieldLabel is what a field of the form of an action is called; "" where a
// form has a label of its own for it.
func fieldLabel(lang string, act Action, name string) string {
	key := fieldLabels[name]
	if name == "comment" {
		if key = commentLabels[act]; key == "" {
			key = "work.comment." + string(act)
		}
	}
	if key == "" || !i18n.Has(lang, key) {
		return ""
	}
	return i18n.T(lang, key)
}

// actionSummary lists what is wrong with the form of an action, each field by name.
func actionSummary(lang string, act Action, fields []errs.Field) []ui.FieldError {
	out := summary(lang, fields)
	for i, e := range fields {
		out[i].Text = i18n.FieldNamed(lang, fieldLabel(lang, act, e.Name), e)
	}
	return out
}
